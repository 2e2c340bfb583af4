import type { TrackedEnvelope } from "@trpc/server";

/** A subscription that few listen to: its values are pulled one by one, each with the cursor to come back with. */
export class TrackedFeed<Data = unknown> implements AsyncIterable<TrackedEnvelope<Data>, void, unknown> {
  readonly #values: () => AsyncGenerator<TrackedEnvelope<Data>, void, unknown>;

  constructor(values: () => AsyncGenerator<TrackedEnvelope<Data>, void, unknown>) {
    this.#values = values;
  }

  [Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<Data>, void, unknown> {
    return this.#values();
  }
}

export const isTrackedFeed = (feed: unknown): feed is TrackedFeed => feed instanceof TrackedFeed;
