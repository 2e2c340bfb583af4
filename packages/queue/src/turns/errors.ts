/** Redis could not be asked (down, slow, refusing). Nothing is lost: what is true is in Postgres. */
export class QueueUnavailable extends Error {
  readonly code = "QUEUE_UNAVAILABLE";

  constructor(what: string, cause: unknown) {
    super(`the queue could not ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "QueueUnavailable";
  }
}
