import type { IncomingMessage } from "node:http";

/** The URL that was asked for, below a host that means nothing; null for a request target that is none, such as `//` or `*`. */
export function requestUrl({ url = "/" }: Pick<IncomingMessage, "url">): URL | null {
  if (!/^(\/|https?:)/i.test(url)) return null;
  return URL.parse(url, "http://localhost");
}
