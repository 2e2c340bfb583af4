/** The most bytes of a request's body, if it is no upload: of a graph that is imported, too. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** What a limit leaves before it refuses a submit. */
export interface Remaining {
  /** Submits in this minute. */
  readonly submits: number;
  /** Generations in this hour. */
  readonly generations: number;
}
