import { execFile } from "node:child_process";
import { errorLine } from "../processes/error-line.ts";

/** Runs one of our scripts to its end. `lastLine` is what it printed last: on stdout if it succeeded, else its error. */
export function runScript(
  root: string,
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ status: number; lastLine: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) resolve({ status: 1, lastLine: errorLine(stderr) || error.message });
      else resolve({ status: 0, lastLine: stdout.trim().split("\n").at(-1) ?? "" });
    });
  });
}
