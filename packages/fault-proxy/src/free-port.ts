import { createServer } from "node:net";

/**
 * A port of 127.0.0.1 that nobody listened on a moment ago. Below the range that systems give to outgoing connections and
 * to `listen(0)`: another process could otherwise get it before ours listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
