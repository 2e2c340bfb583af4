import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import next from "next";
import { chooseLanguage } from "../language/choose-language.ts";
import { type PageRequest, pageRequest } from "../page-request.ts";

export interface Pages {
  /** Answers with a page, for whom `ask` asks. */
  handle(request: IncomingMessage, response: ServerResponse, ask: PageRequest["ask"]): Promise<void>;
  /** Hot reloading's socket; only in development. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): Promise<void>;
}

/**
 * Next, as a request handler of our server. It gets an HTTP server that never listens: left to itself, Next attaches an
 * upgrade listener to the real one at the first request, and that listener closes sockets which it does not know.
 */
export async function createPages({
  dev,
  hostname,
  port,
  ...site
}: {
  dev: boolean;
  hostname: string;
  port: number;
} & Pick<PageRequest, "socketPath" | "origin">): Promise<Pages> {
  const dir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const app = next({ dev, dir, hostname, port, httpServer: createServer() });
  await app.prepare();
  const handle = app.getRequestHandler();
  // `getUpgradeHandler()` does nothing in this version; the working one is a getter that its types do not show.
  const { upgradeHandler } = app as unknown as { upgradeHandler: Pages["upgrade"] };
  return {
    handle: (request, response, ask) => {
      const page = { ...site, ask, ...chooseLanguage(request.headers) };
      return pageRequest.run(page, () => handle(request, response));
    },
    upgrade: upgradeHandler,
    close: () => app.close(),
  };
}
