import type { Server } from "node:http";

/** A drain that takes longer is cut off. Orchestrators send SIGKILL after 30 s by default. */
const DEADLINE_MS = 25_000;

/** Ends the process; until there is something to drain, on the spot. */
let leave = (): void => process.exit(0);

/**
 * Ends the process when the launcher that started it is gone, whether it has begun to work or not. To be called first: a
 * launcher that is gone by then is noticed too.
 */
export function leaveWithLauncher(): void {
  process.on("disconnect", () => leave());
  if (process.connected === false) leave();
}

/**
 * Runs `drain` once, at the first SIGTERM or SIGINT or when the launcher is gone ({@link leaveWithLauncher}), and then ends
 * the process with status 0.
 */
export function onShutdown(drain: () => Promise<void>): void {
  let isStopping = false;
  leave = () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(0), DEADLINE_MS).unref();
    drain().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => leave());
  process.on("SIGINT", () => leave());
}

/** Stops listening, waits at most `graceMs` for the answers under way, and cuts the rest. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
