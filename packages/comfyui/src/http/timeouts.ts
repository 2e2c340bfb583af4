/** Per-call limits in milliseconds. */
export interface ComfyTimeouts {
  readonly connectMs: number;
  readonly submitMs: number;
  readonly statusMs: number;
  readonly catalogMs: number;
  /** For the answer's headers, and for each silence within a transfer. */
  readonly transferMs: number;
}

export const defaultTimeouts: ComfyTimeouts = {
  connectMs: 5_000,
  // Validation touches the disk for every model list; a busy server holds the interpreter lock for seconds.
  submitMs: 30_000,
  statusMs: 10_000,
  // 1.6 MB, uncompressed, and every custom node is asked.
  catalogMs: 60_000,
  transferMs: 30_000,
};
