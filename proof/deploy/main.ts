import { spawn } from "node:child_process";
import { join } from "node:path";
import { missingPrograms } from "./programs.ts";

// `pnpm test:deploy [part of a file's name]`: the product as others run it, with the real programs before and beneath it. It needs
// Debian packages that `npm test` does not, so it is a command of its own.

const missing = missingPrograms();
if (missing.length > 0) {
  console.error(`pnpm test:deploy needs ${missing.join(", ")}: apt-get install ${missing.join(" ")}`);
  process.exit(1);
}
const root = join(import.meta.dirname, "../..");
const args = ["run", "--config", join(import.meta.dirname, "vitest.config.ts"), ...process.argv.slice(2)];
const vitest = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args], {
  cwd: root,
  stdio: "inherit",
});
vitest.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => vitest.kill(signal));
