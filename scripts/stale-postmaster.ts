import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Above every real pid, so Postgres takes the lock file's owner for dead but still checks its shared memory. */
const nobodysPid = 2 ** 30;

/**
 * After a `kill -9` of everything `postmaster.pid` stays behind. If its pid is still the Postgres of this folder, that
 * one is stopped; if the pid now belongs to another program, as happens in containers, the file is made to say so.
 */
export async function clearStalePostmaster(dataDir: string): Promise<void> {
  const file = join(dataDir, "postmaster.pid");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;

  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  if (commandLine !== null && !(commandLine.includes("postgres") && commandLine.includes(dataDir))) {
    await writeFile(file, [String(nobodysPid), ...lines.slice(1)].join("\n"));
    return;
  }
  signal(pid, "SIGINT");
  const deadline = Date.now() + 10_000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) signal(pid, "SIGQUIT");
    if (Date.now() > deadline + 5000) throw new Error(`Postgres ${pid} still uses ${dataDir}`);
    await sleep(20);
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
