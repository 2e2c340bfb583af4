// Loaded into each server that is measured: on SIGUSR2 it collects what is garbage and writes what is left.
import { writeFileSync } from "node:fs";

process.on("SIGUSR2", () => {
  globalThis.gc();
  setImmediate(() => {
    globalThis.gc();
    writeFileSync(process.env.HEAP_FILE, String(process.memoryUsage().heapUsed));
  });
});
