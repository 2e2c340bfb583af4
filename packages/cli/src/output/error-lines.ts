import { ConnectionLost } from "@darkroom/client";
import { ApiError } from "../account/session.ts";
import { UsageError } from "../usage-error.ts";

/** An error as the lines of a terminal, or as the envelope that REST has. */
export function errorLines(error: unknown, json: boolean): string[] {
  const { code, message, fields, requestId } = factsOf(error);
  if (json) {
    const told = { code, message, ...(fields.length > 0 && { fields }), ...(requestId !== undefined && { requestId }) };
    return [JSON.stringify({ error: told })];
  }
  // The message begins with the first field already, or is what is said of the only one.
  const others = fields.filter(
    (field) => field.message !== message && !message.startsWith(`${field.path} ${field.message}`),
  );
  return [`darkroom: ${message}`, ...others.map((field) => `  ${field.path} ${field.message}`)];
}

type Facts = Pick<ApiError, "code" | "message" | "fields"> & { readonly requestId?: string | undefined };

function factsOf(error: unknown): Facts {
  const { message, cause, data } = (error instanceof Error ? error : new Error(String(error))) as Error & {
    readonly data?: Partial<Facts> | null;
  };
  if (error instanceof ConnectionLost || cause instanceof ConnectionLost) {
    const hint = "Is Darkroom running there? --url or DARKROOM_URL says where it is.";
    return { code: "UNAVAILABLE", message: `${message}. ${hint}`, fields: [] };
  }
  if (error instanceof ApiError) return error;
  if (error instanceof UsageError) return { code: "INPUT_INVALID", message, fields: error.fields };
  if (error instanceof Error && error.name === "TimeoutError") {
    return { code: "TIMEOUT", message: "The time is up before the job has ended. The job goes on.", fields: [] };
  }
  const { code = "ERROR", fields = [], requestId } = data ?? {};
  return { code, message, fields, requestId };
}
