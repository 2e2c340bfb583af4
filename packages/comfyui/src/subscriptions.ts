import type { AddressedEvent, ComfyEvent } from "./events.ts";

/** The events of one prompt, in order. Completes after `end` or `close`. One reader. */
export interface Subscription extends AsyncIterableIterator<ComfyEvent> {
  readonly promptId: string;
  close(): void;
}

/** Hands each event to the subscription of its prompt and drops what belongs to nobody here. */
export interface Subscriptions {
  subscribe(promptId: string): Subscription;
  /** False if nobody here follows its prompt. */
  deliver(addressed: AddressedEvent): boolean;
  /** To every subscription: what concerns the connection. */
  broadcast(event: ComfyEvent): void;
  closeAll(): void;
}

interface Reader {
  /** Frames of this connection have shown that the prompt runs. */
  isRunning: boolean;
  push(event: ComfyEvent): void;
  finish(): void;
}

export function createSubscriptions(): Subscriptions {
  const readers = new Map<string, Set<Reader>>();

  function subscribe(promptId: string): Subscription {
    const pending: ComfyEvent[] = [];
    let done = false;
    let wake: (() => void) | null = null;

    const notify = (): void => {
      wake?.();
      wake = null;
    };
    const reader: Reader = {
      isRunning: false,
      push(event) {
        if (done) return;
        supersede(pending, event);
        pending.push(event);
        if (showsRunning.has(event.type)) reader.isRunning = true;
        // Its end may be missed from here on.
        if (event.type === "disconnected") reader.isRunning = false;
        if (event.type === "end") reader.finish();
        else notify();
      },
      finish() {
        done = true;
        const group = readers.get(promptId);
        group?.delete(reader);
        if (group?.size === 0) readers.delete(promptId);
        notify();
      },
    };
    const group = readers.get(promptId) ?? new Set();
    readers.set(promptId, group.add(reader));

    return {
      promptId,
      close: () => reader.finish(),
      async next() {
        while (pending.length === 0 && !done) await new Promise<void>((resolve) => (wake = resolve));
        const event = pending.shift();
        return event === undefined ? { done: true, value: undefined } : { done: false, value: event };
      },
      async return() {
        reader.finish();
        pending.length = 0;
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return {
    subscribe,
    deliver({ promptId, event }) {
      const addressee = promptId ?? onlyRunning(readers);
      const group = addressee === null ? undefined : readers.get(addressee);
      if (group === undefined) return false;
      for (const reader of [...group]) reader.push(event);
      return true;
    },
    broadcast(event) {
      for (const group of [...readers.values()]) for (const reader of [...group]) reader.push(event);
    },
    closeAll() {
      for (const group of [...readers.values()]) for (const reader of [...group]) reader.finish();
    },
  };
}

/** The one prompt of ours that runs, for a preview that names none; null if there are more or none. */
function onlyRunning(readers: ReadonlyMap<string, ReadonlySet<Reader>>): string | null {
  const running = [...readers].filter(([, group]) => [...group].some((reader) => reader.isRunning));
  return running.length === 1 ? (running[0]?.[0] ?? null) : null;
}

/** Whoever begins to listen in the middle of a run never hears its `start`. */
const showsRunning: ReadonlySet<ComfyEvent["type"]> = new Set(["start", "node", "progress", "progress-state"]);

const latestOnly: ReadonlySet<ComfyEvent["type"]> = new Set([
  "preview",
  "progress",
  "progress-state",
  "queue-remaining",
]);

/** A slow reader must not collect pictures: of what only the latest counts, an unread earlier one is dropped. */
function supersede(pending: ComfyEvent[], event: ComfyEvent): void {
  if (!latestOnly.has(event.type)) return;
  for (let index = pending.length - 1; index >= 0; index -= 1) {
    const earlier = pending[index];
    if (earlier === undefined || !latestOnly.has(earlier.type)) return;
    if (earlier.type === event.type) pending.splice(index, 1);
  }
}
