import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Whether a process still runs. One that has ended and waits to be collected, as in containers without an init, does not. */
export function isRunning(pid: number): boolean {
  if (!trySignal(pid, 0)) return false;
  const state = statFields(pid)?.[0];
  return state === undefined || (state !== "Z" && state !== "X");
}

/** Differs between two holders of one pid. Null if no such process runs. */
export function startTime(pid: number): string | null {
  if (!isRunning(pid)) return null;
  const fields = statFields(pid);
  if (fields !== null) return fields[19] ?? null;
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim() || null;
  } catch {
    return null;
  }
}

/** The processes that it started and that still run. */
export function childrenOf(pid: number): number[] {
  if (existsSync("/proc/self/stat"))
    return readdirSync("/proc")
      .map(Number)
      .filter((other) => Number(statFields(other)?.[1]) === pid);
  const rows = execFileSync("ps", ["-ax", "-o", "pid=,ppid="], { encoding: "utf8", stdio: "pipe" }).trim().split("\n");
  return rows.map((row) => row.trim().split(/\s+/).map(Number)).flatMap(([own = 0, its]) => (its === pid ? [own] : []));
}

/** Sends it to a process, or to a group if negative. Says whether there was one. */
export function trySignal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What Linux tells of a process after its name, from the state on. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
