import type { PromptItem } from "./graph.ts";

/**
 * Waiting and running prompts. A binary heap like Python's `heapq`, because `/queue` shows the heap's order, which is
 * not the order of running; callers must cope with that.
 */
export interface PromptQueue {
  put(item: PromptItem): void;
  /** Waits for the next one and counts it as running until `done`. Null after `close`. */
  take(): Promise<PromptItem | null>;
  done(item: PromptItem): void;
  pending(): readonly PromptItem[];
  running(): readonly PromptItem[];
  remaining(): number;
  /** Removes the first waiting one with this id. */
  remove(promptId: string): boolean;
  clear(): void;
  /** While true nothing is taken, as after the death of ComfyUI's worker thread: it answers and begins nothing. */
  wedge(isWedged: boolean): void;
  close(): void;
}

export function createPromptQueue(onChange: () => void): PromptQueue {
  let heap: PromptItem[] = [];
  const running = new Set<PromptItem>();
  let wake: (() => void) | null = null;
  let closed = false;
  let wedged = false;

  const before = (a: PromptItem, b: PromptItem): boolean =>
    a.number !== b.number ? a.number < b.number : a.promptId < b.promptId;

  function swap(i: number, j: number): void {
    const [a, b] = [heap[i], heap[j]];
    if (a !== undefined && b !== undefined) [heap[i], heap[j]] = [b, a];
  }

  function less(i: number, j: number): boolean {
    const [a, b] = [heap[i], heap[j]];
    return a !== undefined && b !== undefined && before(a, b);
  }

  function siftUp(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!less(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function siftDown(start: number): void {
    for (let at = start; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (less(child, least)) least = child;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  }

  function pop(): PromptItem | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (last !== undefined && last !== top) {
      heap[0] = last;
      siftDown(0);
    }
    return top;
  }

  return {
    put(item) {
      heap.push(item);
      siftUp(heap.length - 1);
      onChange();
      wake?.();
    },
    async take() {
      while ((heap.length === 0 || wedged) && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const item = closed ? undefined : pop();
      if (item === undefined) return null;
      running.add(item);
      onChange();
      return item;
    },
    done(item) {
      running.delete(item);
      onChange();
    },
    pending: () => heap,
    running: () => [...running],
    remaining: () => heap.length + running.size,
    remove(promptId) {
      const at = heap.findIndex((item) => item.promptId === promptId);
      if (at < 0) return false;
      heap.splice(at, 1);
      for (let index = (heap.length >> 1) - 1; index >= 0; index -= 1) siftDown(index);
      onChange();
      return true;
    },
    clear() {
      heap = [];
      onChange();
    },
    wedge(isWedged) {
      wedged = isWedged;
      wake?.();
    },
    close() {
      closed = true;
      wake?.();
    },
  };
}
