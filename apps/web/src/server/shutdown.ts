import type { Server } from "node:http";

/** A drain that takes longer is cut off. Orchestrators send SIGKILL after 30 s by default. */
const DEADLINE_MS = 25_000;

/**
 * Runs `drain` once, at the first SIGTERM or SIGINT or when the launcher that started this process is gone, and then
 * ends the process with status 0.
 */
export function onShutdown(drain: () => Promise<void>): void {
  let isStopping = false;
  const stop = (): void => {
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
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (process.connected) process.on("disconnect", stop);
}

/** Stops listening, waits at most `graceMs` for the answers under way, and cuts the rest. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
