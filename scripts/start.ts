import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { makeDataDir } from "./launcher/data-dir.ts";
import { readLauncherEnvironment } from "./launcher/environment.ts";
import { LaunchFailure } from "./launcher/launch-failure.ts";
import { type Product, startProduct } from "./launcher/product.ts";
import { tryLock } from "./processes/file-lock.ts";

/** Signals this close together are one. */
const sameSignalMs = 1000;
/** Beyond this everything left is killed, by ending: the guard does the rest. */
const stopWithinMs = 25_000;

const shownOrder = ["Postgres", "Redis", "ComfyUI"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stopping = new AbortController();
const say = (line: string) => console.log(line);

for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
let lastSignal = Number.NEGATIVE_INFINITY;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (performance.now() - lastSignal < sameSignalMs) return;
    lastSignal = performance.now();
    if (stopping.signal.aborted) say("Still stopping …");
    beginStop();
  });
}
process.on("disconnect", beginStop);

function beginStop() {
  if (stopping.signal.aborted) return;
  say("Stopping …");
  stopping.abort();
  setTimeout(() => process.exit(0), stopWithinMs).unref();
}

async function main(): Promise<number> {
  const env = { ...readDotEnv(), ...process.env };
  const environment = readLauncherEnvironment(env, root);
  const dataDir = makeDataDir(environment.dataDir);
  const lock = tryLock(join(dataDir.path, "launcher.lock"));
  if (!lock.held) {
    const holder = `another start (process ${lock.holderPid}) is already using ${dataDir.path}`;
    throw new LaunchFailure(`${holder}; stop it or set DATA_DIR`);
  }
  try {
    if (dataDir.moved)
      say(`Data is kept in ${dataDir.path}: as root, Postgres needs a folder that other users can enter.`);
    say("Starting …");
    const mode = process.argv.includes("--dev") ? "development" : "production";
    const signal = stopping.signal;
    const product = await startProduct({ root, mode, environment, env, dataDir: dataDir.path, say, signal });
    summarise(product, dataDir.path);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await product.stop();
    say("Stopped.");
    return 0;
  } catch (error) {
    if (stopping.signal.aborted) return 0;
    throw error;
  } finally {
    lock.release();
  }
}

/** Variables from `.env`; those of the shell win. */
function readDotEnv(): NodeJS.ProcessEnv {
  const file = join(root, ".env");
  return existsSync(file) ? { ...parseEnv(readFileSync(file, "utf8")) } : {};
}

function summarise({ address, parts, adminLink }: Product, dataDir: string) {
  // They start side by side; people read them in one order.
  const byOrder = parts.toSorted((a, b) => shownOrder.indexOf(a.name) - shownOrder.indexOf(b.name));
  const rows = [...byOrder, { name: "Data", label: dataDir }, { name: "Logs", label: join(dataDir, "logs") }];
  say(
    ["", `Darkroom is ready at ${address}`, ...rows.map(({ name, label }) => `  ${name.padEnd(10)}${label}`)].join(
      "\n",
    ),
  );
  if (adminLink !== null) say(`  ${"Admin".padEnd(10)}${adminLink} (works once)`);
  say("\nCtrl-C stops everything.");
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof LaunchFailure;
  console.error(`darkroom: ${known ? error.message : error instanceof Error ? error.stack : error}`);
  process.exitCode = 1;
}
process.exit();
