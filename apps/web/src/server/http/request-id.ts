import type { IncomingMessage } from "node:http";
import { newId } from "@darkroom/contracts";

export const REQUEST_ID_HEADER = "x-request-id";

/** Those that were made here, so that whoever asks again about a request gets the same one. */
const made = new WeakMap<object, string>();

/** The id that the caller or a proxy gave the request, so that one id runs through all logs; else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers[REQUEST_ID_HEADER];
  if (typeof given === "string" && /^[\w.-]{1,100}$/.test(given)) return given;
  const id = made.get(request) ?? newId();
  made.set(request, id);
  return id;
}
