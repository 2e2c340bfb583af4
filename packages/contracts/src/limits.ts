/** What a limit leaves before it refuses a submit. */
export interface Remaining {
  /** Submits in this minute. */
  readonly submits: number;
  /** Generations in this hour. */
  readonly generations: number;
}
