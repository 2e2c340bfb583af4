import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, trySignal } from "../processes/process-state.ts";

/** Above every real pid, so Postgres takes the lock file's owner for dead but still checks its shared memory. */
const nobodysPid = 2 ** 30;

/**
 * After a `kill -9` of everything `postmaster.pid` stays behind. If its pid is still the Postgres of this folder, that
 * one is stopped; if the pid now belongs to another program or to a dead process that nobody collects, as happens in
 * containers, the file is made to say so.
 */
export async function clearStalePostmaster(dataDir: string): Promise<void> {
  const file = join(dataDir, "postmaster.pid");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !trySignal(pid, 0)) return;

  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  const isOurs = commandLine === null || (commandLine.includes("postgres") && commandLine.includes(dataDir));
  if (!isOurs || !isRunning(pid)) {
    await writeFile(file, [String(nobodysPid), ...lines.slice(1)].join("\n"));
    return;
  }
  trySignal(pid, "SIGINT");
  const deadline = Date.now() + 10_000;
  while (isRunning(pid)) {
    if (Date.now() > deadline) trySignal(pid, "SIGQUIT");
    if (Date.now() > deadline + 5000) throw new Error(`Postgres ${pid} still uses ${dataDir}`);
    await sleep(20);
  }
}
