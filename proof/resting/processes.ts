import { readFileSync } from "node:fs";
import { familyOf } from "../../scripts/testing/processes.ts";

/** What the product's processes are, by a part of their command lines. */
const programs = ["web.mjs", "worker.mjs", "simulator.mjs", "postgres"] as const;

/** Of Linux' `/proc/PID/stat`: so many are a second. */
const TICKS = 100;

/** Processor time so far of every process of the product and of its Valkey, in seconds, by program. */
export function processorTimes(launcherPid: number, redisPid: number): Map<string, number> {
  const times = new Map<string, number>();
  const add = (name: string, pid: number) => times.set(name, (times.get(name) ?? 0) + processorTime(pid));
  for (const [pid, command] of familyOf(launcherPid)) {
    const name = programs.find((part) => command.includes(part)) ?? "launcher";
    add(name.replace(".mjs", ""), pid);
  }
  add("valkey", redisPid);
  return times;
}

/** The web process below the launcher. */
export function webPid(launcherPid: number): number {
  for (const [pid, command] of familyOf(launcherPid)) if (command.includes("web.mjs")) return pid;
  throw new Error("there is no web process");
}

/** Resident bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) * 1024;
}

/** Of all its threads, in seconds. */
function processorTime(pid: number): number {
  // The name of the program, in brackets, may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
