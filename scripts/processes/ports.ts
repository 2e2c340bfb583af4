import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";

/** Whether this process could listen on `port` of `host` right now. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Below what systems give to outgoing connections and to `listen(0)`, which could otherwise take a port between
 * our look and our process' start. */
const ownPorts = { from: 12_000, to: 32_000 };

/** Counts up from anywhere: a port that was given out and is not used yet must not be given out again. */
let next = randomInt(ownPorts.from, ownPorts.to);

function nextPort(): number {
  next = next + 1 < ownPorts.to ? next + 1 : ownPorts.from;
  return next;
}

/** A port that nobody listened on a moment ago; the first free one from `preferred` on, if given. */
export async function freePort(preferred?: number): Promise<number> {
  for (let tries = 0; tries < 1000; tries++) {
    const port = preferred === undefined ? nextPort() : preferred + tries;
    if (await isPortFree(port)) return port;
  }
  throw new Error("no free port was found");
}

/** Whether something accepts connections there within `timeoutMs`. */
export function isListening(port: number, host = "127.0.0.1", timeoutMs = 3000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
