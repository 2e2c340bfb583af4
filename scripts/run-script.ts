import { execFile } from "node:child_process";

/** Runs one of our scripts to its end. `lastLine` is what it printed last: on stdout if it succeeded, else its error. */
export function runScript(
  root: string,
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ status: number; lastLine: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) resolve({ status: 1, lastLine: gist(stderr) || error.message });
      else resolve({ status: 0, lastLine: stdout.trim().split("\n").at(-1) ?? "" });
    });
  });
}

/** Of a stack trace the line that names the error, else the last line. */
function gist(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^\s+at |^Node\.js v/.test(line));
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "").trim();
}
