import type { PromptItem } from "../protocol/graph.ts";

/** Python compares the prompts themselves once number and id are equal, and a dict has no order. */
export class NotComparable extends TypeError {}

/**
 * Python's `heapq`, step by step: `/queue` shows its order, and what it leaves behind when a comparison fails is what
 * ComfyUI goes on with.
 */
export interface PromptHeap {
  readonly items: readonly PromptItem[];
  /** Throws NotComparable after the item was added, as `heapq` does. */
  push(item: PromptItem): void;
  /** Throws NotComparable; an item is then out without being returned. */
  pop(): PromptItem | undefined;
  removeAt(index: number): void;
  clear(): void;
}

export function createPromptHeap(): PromptHeap {
  const items: PromptItem[] = [];

  /** `_siftdown`: towards the root. */
  function rise(start: number, from: number): void {
    const item = itemAt(from);
    let at = from;
    while (at > start) {
      const parent = (at - 1) >> 1;
      const above = itemAt(parent);
      if (!isLess(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** `_siftup`: the smaller child moves up until there is none, then the item rises to its place. */
  function sink(start: number): void {
    const item = itemAt(start);
    let at = start;
    for (let child = 2 * at + 1; child < items.length; child = 2 * at + 1) {
      const other = child + 1;
      if (other < items.length && !isLess(itemAt(child), itemAt(other))) child = other;
      items[at] = itemAt(child);
      at = child;
    }
    items[at] = item;
    rise(start, at);
  }

  function itemAt(index: number): PromptItem {
    const item = items[index];
    if (item === undefined) throw new RangeError(`no item at ${index}`);
    return item;
  }

  return {
    items,
    push(item) {
      items.push(item);
      rise(0, items.length - 1);
    },
    pop() {
      const last = items.pop();
      const first = items[0];
      if (last === undefined || first === undefined) return last;
      items[0] = last;
      sink(0);
      return first;
    },
    removeAt(index) {
      items.splice(index, 1);
      for (let at = (items.length >> 1) - 1; at >= 0; at -= 1) sink(at);
    },
    clear: () => void items.splice(0),
  };
}

function isLess(a: PromptItem, b: PromptItem): boolean {
  if (a.number !== b.number) return a.number < b.number;
  if (a.promptId !== b.promptId) return a.promptId < b.promptId;
  throw new NotComparable("'<' not supported between instances of 'dict' and 'dict'");
}
