import type { PromptItem } from "../protocol/graph.ts";
import { createPromptHeap, NotComparable } from "./prompt-heap.ts";

/** Waiting and running prompts. The waiting ones are shown in the heap's order, which is not the order of running. */
export interface PromptQueue {
  /** Throws where ComfyUI answers 500. The prompt was added before that, and will run. */
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
  const heap = createPromptHeap();
  const running = new Set<PromptItem>();
  let wake: (() => void) | null = null;
  let closed = false;
  let wedged = false;

  function pop(): PromptItem | undefined {
    try {
      return heap.pop();
    } catch (error) {
      if (!(error instanceof NotComparable)) throw error;
      // The exception ends the thread that takes prompts; the server goes on answering.
      wedged = true;
      return undefined;
    }
  }

  return {
    put(item) {
      heap.push(item);
      onChange();
      wake?.();
    },
    async take() {
      while (!closed) {
        const item = wedged ? undefined : pop();
        if (item !== undefined) {
          running.add(item);
          onChange();
          return item;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return null;
    },
    done(item) {
      running.delete(item);
      onChange();
    },
    pending: () => heap.items,
    running: () => [...running],
    remaining: () => heap.items.length + running.size,
    remove(promptId) {
      const at = heap.items.findIndex((item) => item.promptId === promptId);
      if (at < 0) return false;
      heap.removeAt(at);
      onChange();
      return true;
    },
    clear() {
      heap.clear();
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
