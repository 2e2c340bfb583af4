/** Redis could not be asked (down, slow, refusing). Nothing is lost: what is true is in Postgres. */
export class QueueUnavailable extends Error {
  readonly code = "QUEUE_UNAVAILABLE";

  constructor(what: string, cause: unknown) {
    super(`the queue could not ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "QueueUnavailable";
  }
}

/** Redis was wiped and not rebuilt from Postgres yet: an entry added now could overtake those that were lost. */
export class EpochMissing extends Error {
  readonly code = "EPOCH_MISSING";

  constructor() {
    super("the queue has no epoch: it was wiped and waits to be rebuilt");
    this.name = "EpochMissing";
  }
}
