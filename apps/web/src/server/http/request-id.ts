import type { IncomingMessage } from "node:http";
import { newId } from "@darkroom/contracts";

export const REQUEST_ID_HEADER = "x-request-id";

/** The id that the caller or a proxy gave the request, so that one id runs through all logs; else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, "headers">): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === "string" && /^[\w.-]{1,100}$/.test(given) ? given : newId();
}
