import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

// `pnpm test:surprises [part of a name]`: every surprise of ComfyUI against each version that the simulator plays, with the
// product's own settings, and how long each took, as the table of docs/comfyui.md.

const root = resolve(import.meta.dirname, "../..");
const [part] = process.argv.slice(2);
const args = ["run", "--config", join(import.meta.dirname, "vitest.config.ts")];
if (part !== undefined) args.push("--testNamePattern", part);
const vitest = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args], {
  cwd: root,
  stdio: "inherit",
});
vitest.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
