/**
 * The API's stable error codes (`data.code`). A tRPC code says what kind of error it is; this says which one.
 * Clients may switch on them; their messages are for people and may change.
 */
export const errorCodes = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "ORIGIN_REJECTED",
  "NOT_FOUND",
  "INPUT_INVALID",
  "WORKFLOW_NOT_FOUND",
  "WORKFLOW_INVALID",
  "WORKFLOW_CONFLICT",
  "IDEMPOTENCY_CONFLICT",
  "NO_CAPABLE_BACKEND",
  "RATE_LIMITED",
  "QUOTA_EXCEEDED",
  "QUEUE_FULL",
  "JOB_ENDED",
  "JOB_NOT_ENDED",
  "JOB_FAILED",
  "JOB_CANCELED",
  "UPLOAD_INVALID",
  "UPLOAD_TOO_LARGE",
  "UNAVAILABLE",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** One field of the caller's input and the rule it broke. */
export interface FieldError {
  /** Path from the procedure's input, e.g. `inputs.steps`. */
  readonly path: string;
  readonly message: string;
}

/** An expected refusal. `@darkroom/api` turns it into a tRPC error in one place. */
export class DarkroomError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    facts: { fields?: readonly FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.name = "DarkroomError";
    this.code = code;
    this.fields = facts.fields ?? [];
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}
