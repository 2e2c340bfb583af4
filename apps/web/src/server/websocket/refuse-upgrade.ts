import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id.ts";

/** Answers an upgrade that does not become a socket, and closes the connection. */
export function refuseUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  { status, retryAfterSeconds }: { readonly status: number; readonly retryAfterSeconds?: number | undefined },
): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    `${REQUEST_ID_HEADER}: ${requestIdOf(request)}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfterSeconds)}`]),
    "Content-Length: 0",
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${lines.join("\r\n")}\r\n\r\n`);
}
