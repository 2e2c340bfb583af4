import { execFileSync } from "node:child_process";
import { isRunning } from "../processes/process-state.ts";

/** Every running process that descends from `pid`, itself included: pid → command line. */
export function familyOf(pid: number): Map<number, string> {
  const listing = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const processes = listing.split("\n").flatMap((line) => {
    const [, own, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return own === undefined ? [] : [{ pid: Number(own), parent: Number(parent), command: command ?? "" }];
  });
  const family = new Map<number, string>();
  const visit = (one: number) => {
    const found = processes.find((process) => process.pid === one);
    if (found && isRunning(one)) family.set(one, found.command);
    for (const child of processes) if (child.parent === one) visit(child.pid);
  };
  visit(pid);
  return family;
}

/** Those of the family that still run. */
export function survivors(family: ReadonlyMap<number, string>): string[] {
  return [...family].filter(([pid]) => isRunning(pid)).map(([pid, command]) => `${pid} ${command}`);
}
