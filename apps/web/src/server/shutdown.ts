/** A drain that takes longer is cut off: an orchestrator would kill the process anyway. */
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
