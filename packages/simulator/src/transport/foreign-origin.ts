import type { IncomingMessage } from "node:http";
import type { Dialect } from "../protocol/dialect.ts";

/** An Origin that differs from a loopback Host, or a cross-site request, is refused. */
export function isForeignOrigin(request: IncomingMessage, { looksAtFetchSite }: Dialect): boolean {
  const { origin, host } = request.headers;
  if (looksAtFetchSite && request.headers["sec-fetch-site"] === "cross-site") return true;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const hostname = host.replace(/:\d+$/, "");
  const loopback = hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
  return loopback && new URL(origin).host !== host;
}
