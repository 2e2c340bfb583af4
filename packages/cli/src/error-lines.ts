import { UsageError } from "./input-values.ts";
import { ApiError } from "./session.ts";

/** An error as the lines of a terminal, or as the envelope that REST has. */
export function errorLines(error: unknown, json: boolean): string[] {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const data = (error instanceof ApiError ? error : ((error as { data?: unknown }).data ?? {})) as Partial<ApiError>;
  const { code = error instanceof UsageError ? "INPUT_INVALID" : "ERROR", fields = [] } = data;
  if (json) return [JSON.stringify({ error: { code, message, ...(fields.length > 0 && { fields }) } })];
  return [`darkroom: ${message}`, ...fields.map((field) => `  ${field.path}: ${field.message}`)];
}
