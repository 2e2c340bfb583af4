import { createServer } from "node:net";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

// Loaded into every process of the product under soak: whoever connects to its socket is told what it holds when nothing is
// left to collect. That is what grows if something is never let go; resident memory also holds what may be used again.

const folder = process.env.SOAK_SOCKETS;
if (isMainThread && folder !== undefined) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    collect();
    socket.end(JSON.stringify(process.memoryUsage()));
  });
  server.listen(join(folder, String(process.pid))).unref();
}
