/** The product without one of its guards. */
export interface Mutant {
  /** What the guard holds up. */
  readonly guard: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** The fewest test files that must notice. */
  readonly tests: readonly string[];
  /**
   * Of these files, only the tests whose name matches: where the others would take minutes. A name that comes from a table
   * is cut after 40 characters.
   */
  readonly only?: string;
}
