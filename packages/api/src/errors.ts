import {
  DarkroomError,
  type ErrorCode,
  type FieldError,
  fieldErrors,
  fieldsMessage,
  MAX_BATCH_CALLS,
} from "@darkroom/contracts";
import { isTransient } from "@darkroom/db";
import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { type TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { ZodError } from "zod";
import { MAX_FIELDS } from "./until-wrong.ts";

/** The one table from our codes to tRPC's, and so to HTTP's. */
const trpcCodes = {
  UNAUTHENTICATED: "UNAUTHORIZED",
  FORBIDDEN: "FORBIDDEN",
  ORIGIN_REJECTED: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  INPUT_INVALID: "BAD_REQUEST",
  WORKFLOW_NOT_FOUND: "NOT_FOUND",
  WORKFLOW_INVALID: "BAD_REQUEST",
  WORKFLOW_CONFLICT: "CONFLICT",
  IDEMPOTENCY_CONFLICT: "CONFLICT",
  NO_CAPABLE_BACKEND: "UNPROCESSABLE_CONTENT",
  RATE_LIMITED: "TOO_MANY_REQUESTS",
  QUOTA_EXCEEDED: "TOO_MANY_REQUESTS",
  QUEUE_FULL: "TOO_MANY_REQUESTS",
  JOB_ENDED: "CONFLICT",
  JOB_NOT_ENDED: "CONFLICT",
  // Where a caller asked for the picture itself, the status has to say that there is none.
  JOB_FAILED: "BAD_GATEWAY",
  JOB_CANCELED: "CLIENT_CLOSED_REQUEST",
  UPLOAD_INVALID: "UNPROCESSABLE_CONTENT",
  UPLOAD_TOO_LARGE: "PAYLOAD_TOO_LARGE",
  UNAVAILABLE: "SERVICE_UNAVAILABLE",
  INTERNAL: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>;

/** tRPC's own refusals (no such procedure, wrong method) in our codes. */
const ownCodes: Partial<Record<TRPC_ERROR_CODE_KEY, ErrorCode>> = {
  PARSE_ERROR: "INPUT_INVALID",
  BAD_REQUEST: "INPUT_INVALID",
  UNAUTHORIZED: "UNAUTHENTICATED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  METHOD_NOT_SUPPORTED: "INPUT_INVALID",
  UNSUPPORTED_MEDIA_TYPE: "INPUT_INVALID",
  TOO_MANY_REQUESTS: "RATE_LIMITED",
  SERVICE_UNAVAILABLE: "UNAVAILABLE",
};

/** What is said of an input that is not JSON, at every door; a parser's own words name a place in it and no rule. */
export const notJson = (cause?: unknown): DarkroomError =>
  new DarkroomError("INPUT_INVALID", "The input must be JSON.", {
    cause,
    fields: [{ path: "", message: "must be JSON" }],
  });

/** tRPC names no number where a batch has too many calls, nor what to do. */
const tooManyCalls = (): DarkroomError =>
  new DarkroomError("INPUT_INVALID", `A batch has at most ${MAX_BATCH_CALLS} calls. Send the others in another one.`);

const isTooManyCalls = (error: unknown): boolean =>
  error instanceof TRPCError && error.message === "Batch call exceeds maximum size";

/** Whether tRPC could not parse what it was sent. */
const isNotJson = (error: unknown): boolean =>
  error instanceof TRPCError &&
  (error.code === "BAD_REQUEST" || error.code === "PARSE_ERROR") &&
  error.cause instanceof SyntaxError;

/** What a caller learns of an error. Nothing of ours (stack, SQL, host names) is in it. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly trpcCode: TRPC_ERROR_CODE_KEY;
  readonly httpStatus: number;
  readonly message: string;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | null;
}

/** The HTTP status of one of our codes, for routes beside tRPC. */
export function httpStatusOf(code: ErrorCode): number {
  return getHTTPStatusCodeFromError(new TRPCError({ code: trpcCodes[code] }));
}

/** Any thrown value as the facts a caller may have. */
export function errorFacts(error: unknown): ErrorFacts {
  const cause = error instanceof TRPCError ? error.cause : error;
  const refusal = isNotJson(error) ? notJson(cause) : isTooManyCalls(error) ? tooManyCalls() : refusalOf(cause);
  if (refusal !== null) {
    // A wrong verb or encoding has a status of its own, under the code that it shares.
    const isExact = error instanceof TRPCError && ownCodes[error.code] === refusal.code;
    const trpcCode = isExact ? error.code : trpcCodes[refusal.code];
    return {
      code: refusal.code,
      trpcCode,
      httpStatus: getHTTPStatusCodeFromError(new TRPCError({ code: trpcCode })),
      message: refusal.message,
      fields: refusal.fields.slice(0, MAX_FIELDS),
      retryAfterSeconds: refusal.retryAfterSeconds ?? null,
    };
  }
  if (cause instanceof ZodError && (!(error instanceof TRPCError) || error.code === "BAD_REQUEST")) {
    // Thousands of fields may be wrong: words are made only for those that the answer names.
    const fields = fieldErrors({ issues: cause.issues.slice(0, MAX_FIELDS) });
    const untold = Math.max(0, cause.issues.length - MAX_FIELDS);
    return { ...plain("INPUT_INVALID", fieldsMessage(fields, untold)), fields: fields.slice(0, MAX_FIELDS) };
  }
  if (error instanceof TRPCError && error.code !== "INTERNAL_SERVER_ERROR") {
    const code = ownCodes[error.code] ?? "INTERNAL";
    return {
      ...plain(code, error.message),
      trpcCode: error.code,
      httpStatus: getHTTPStatusCodeFromError(error),
    };
  }
  return plain("INTERNAL", "Something went wrong on our side. Please try again.");
}

/** How soon a caller may ask again while Postgres is away or overloaded; a restart takes about that long. */
const OUTAGE_RETRY_SECONDS = 2;

/** The refusal that a thrown value is: one of ours, or that Postgres cannot answer now; null for a bug. */
export function refusalOf(error: unknown): DarkroomError | null {
  if (error instanceof DarkroomError) return error;
  if (!isTransient(error)) return null;
  return new DarkroomError("UNAVAILABLE", "Darkroom is not available at the moment. Please try again.", {
    retryAfterSeconds: OUTAGE_RETRY_SECONDS,
    cause: error,
  });
}

/** A refusal as the error that tRPC carries. */
export function toTrpcError(error: DarkroomError): TRPCError {
  return new TRPCError({ code: trpcCodes[error.code], message: error.message, cause: error });
}

/** Of errors that were thrown before there was a context: a call that cannot be read has none. */
const requestIds = new WeakMap<object, string>();

/** Says which request an error belongs to, for {@link requestIdOfError}. */
export function keepRequestId(error: object, requestId: string): void {
  requestIds.set(error, requestId);
}

export const requestIdOfError = (error: object): string | null => requestIds.get(error) ?? null;

/** Any thrown value in the shape that tRPC's clients read. `path`: the procedure, if one was reached. */
export function trpcErrorShape(
  error: unknown,
  { path, requestId }: { readonly path?: string | undefined; readonly requestId: string | null },
) {
  const { code, trpcCode, httpStatus, message, fields, retryAfterSeconds } = errorFacts(error);
  const data = { path, httpStatus, code, fields, retryAfterSeconds, requestId };
  return { message, code: TRPC_ERROR_CODES_BY_KEY[trpcCode], data };
}

function plain(code: ErrorCode, message: string): ErrorFacts {
  return {
    code,
    trpcCode: trpcCodes[code],
    httpStatus: httpStatusOf(code),
    message,
    fields: [],
    retryAfterSeconds: null,
  };
}
