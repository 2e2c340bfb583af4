/** The most bytes of a request's body, if it is no upload: of a graph that is imported, too. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The most files of one ZIP file: their ids are in its address, which many proxies take up to 8 KB of. */
export const MAX_ARCHIVE_FILES = 100;
/** The most bytes of one ZIP file: what is plainly below the 4 GB that the format holds without its extensions. */
export const MAX_ARCHIVE_BYTES = 2_000_000_000;

/** What a limit leaves before it refuses a submit. */
export interface Remaining {
  /** Submits in this minute. */
  readonly submits: number;
  /** Generations in this hour. */
  readonly generations: number;
}
/** Calls in one batch, over HTTP and in one message of a socket; its subscriptions are bounded by themselves. */
export const MAX_BATCH_CALLS = 20;
