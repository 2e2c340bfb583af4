import type { ErrorCode, FieldError } from "@darkroom/contracts";
import { t } from "../language/say.ts";

/** Why a request was not done, for a person. */
export interface Refusal {
  /** The API's stable code; `UNREACHABLE` if no answer came. */
  readonly code: ErrorCode | "UNREACHABLE";
  readonly message: string;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | null;
  /** True if the same request may pass by itself in a moment. */
  readonly isTemporary: boolean;
}

interface ErrorData {
  readonly code: ErrorCode;
  readonly httpStatus: number;
  readonly fields?: readonly FieldError[];
  readonly retryAfterSeconds?: number | null;
}

function dataOf(error: unknown): ErrorData | null {
  if (typeof error !== "object" || error === null || !("data" in error)) return null;
  const { data } = error;
  return typeof data === "object" && data !== null && "code" in data ? (data as ErrorData) : null;
}

/** Any error of a tRPC call as a refusal. */
export function toRefusal(error: unknown): Refusal {
  const data = dataOf(error);
  if (data === null) {
    return {
      code: "UNREACHABLE",
      message: t`The server can't be reached. Check the connection and try again.`,
      fields: [],
      retryAfterSeconds: null,
      isTemporary: true,
    };
  }
  return {
    code: data.code,
    message: error instanceof Error ? error.message : t`The request was refused.`,
    fields: data.fields ?? [],
    retryAfterSeconds: data.retryAfterSeconds ?? null,
    isTemporary: data.httpStatus >= 500,
  };
}
