import { readEnv } from "./env.ts";
import { createSimulator } from "./simulator.ts";
import { createVirtualClock, realClock } from "./site/clock.ts";

const env = readEnv();
const simulator = await createSimulator({
  host: env.SIMULATOR_HOST,
  port: env.SIMULATOR_PORT,
  version: env.SIMULATOR_VERSION,
  speed: env.SIMULATOR_SPEED,
  stepMs: env.SIMULATOR_STEP_MS,
  loadMs: env.SIMULATOR_LOAD_MS,
  seed: env.SIMULATOR_SEED,
  clock: env.SIMULATOR_CLOCK === "virtual" ? createVirtualClock({ stepsItself: true }) : realClock,
  onKill: () => process.kill(process.pid, "SIGKILL"),
  ...(env.SIMULATOR_DIR === undefined ? {} : { folder: env.SIMULATOR_DIR }),
  ...(env.SIMULATOR_LEDGER === undefined ? {} : { ledgerFile: env.SIMULATOR_LEDGER }),
});
console.log(`Darkroom simulator (ComfyUI ${env.SIMULATOR_VERSION} protocol, no models) on ${simulator.url}`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // A node that is in the middle of something may take its time; the process may not.
  setTimeout(() => process.exit(0), 2_000).unref();
  await simulator.close();
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
// The launcher is gone: nobody would stop us any more.
process.on("disconnect", stop);
