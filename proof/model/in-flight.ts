import { QueueUnavailable } from "@darkroom/queue";

/** How a command to Redis goes: it works, Redis is away, or it works and its answer is lost. */
export type Passage = "works" | "refused" | "answer-lost";

/** Waits until the command `what` may go on, and says how it goes. */
export type Pause = (what: string) => Promise<Passage>;

/**
 * Something that takes several steps, stopped before each of them, so that any other step may come in between. Whoever
 * drops it has killed the process that did it.
 */
export class InFlight {
  readonly label: string;
  #waiting: { what: string; go: (passage: Passage) => void } | null = null;
  #arrived = Promise.withResolvers<void>();
  #error: unknown = null;
  isDone = false;

  constructor(label: string, body: (pause: Pause) => Promise<unknown>) {
    this.label = label;
    const pause: Pause = (what) =>
      new Promise((go) => {
        this.#waiting = { what, go };
        this.#arrived.resolve();
      });
    body(pause)
      .catch((error: unknown) => {
        // Redis being away ends it, as it would the real thing; maintenance makes up for it.
        if (!(error instanceof QueueUnavailable)) this.#error = error;
      })
      .finally(() => {
        this.isDone = true;
        this.#arrived.resolve();
      });
  }

  /** What it waits to do. */
  get next(): string {
    return this.#waiting?.what ?? "end";
  }

  /** Resolves when it waits again or is done; throws what went wrong in it. */
  async arrived(): Promise<void> {
    await this.#arrived.promise;
    if (this.#error !== null) throw this.#error;
  }

  async go(passage: Passage): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === null || this.isDone) return;
    this.#waiting = null;
    this.#arrived = Promise.withResolvers<void>();
    waiting.go(passage);
    await this.arrived();
  }
}
