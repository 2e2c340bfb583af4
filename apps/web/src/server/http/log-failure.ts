import { errorFacts } from "@darkroom/api";
import { createCooldown } from "@darkroom/contracts";
import type { Logger } from "pino";

/** Logs a failed request or call, if the failure is ours; what the caller did wrong is told to the caller alone. */
export type LogFailure = (
  error: unknown,
  where: { readonly path: string | undefined; readonly requestId?: string | undefined },
) => void;

/**
 * One for all doors of the process: while Postgres or the storage is away, every request and every call says so, and one line
 * a minute for each cause is enough.
 */
export function createFailureLog(log: Logger): LogFailure {
  const isNews = createCooldown(60_000);
  return (error, where) => {
    const { code, message } = errorFacts(error);
    if (code === "INTERNAL") log.error({ err: error, ...where }, "request failed");
    if (code === "UNAVAILABLE" && isNews(message)) log.error({ err: error, ...where }, "request refused");
  };
}
