import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Adds a JSON line; the kernel has it when the call returns, so the auditor misses nothing that was seen. */
export function appendLine(file: string, line: object): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Every line of the file; none if there is no such file. */
export function readLines<Line>(file: string): Line[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
}
