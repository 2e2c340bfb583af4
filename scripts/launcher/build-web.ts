import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../processes/file-lock.ts";
import type { Guard } from "../processes/guard.ts";
import { runChecked } from "../processes/run-checked.ts";
import { fingerprint } from "../programs/fingerprint.ts";
import { LaunchFailure } from "./launch-failure.ts";

/** What the pages are built from. Server code is part of it, as the pages take its types. */
const inputs = ["apps/web/**/*", "packages/*/src/**/*", "packages/*/package.json", "tooling/*.json", "pnpm-lock.yaml"];
const notInputs = /(^|\/)(node_modules|\.next|\.turbo)(\/|$)|\.test\.ts$|next-env\.d\.ts$|tsbuildinfo$/;

/** So often a build that goes on says so. */
const PROGRESS_MS = 2000;

/**
 * Builds the pages into `apps/web/.next` unless that is already the build of these sources; another start that does so is waited
 * for. Throws with the end of the build's output if it fails.
 *
 * @param say is told that it waits or builds, every two seconds how long it has been at it, and that it is done; nothing if
 * there is nothing to build
 */
export async function buildWeb(
  root: string,
  { guard, signal, say = () => undefined }: { guard: Guard; signal: AbortSignal; say?: (line: string) => void },
): Promise<void> {
  const built = join(root, "apps/web/.next");
  const kept = join(root, ".cache");
  for (const folder of [built, kept]) mkdirSync(folder, { recursive: true });
  const onWait = (holderPid: number) => say(`Another start (process ${holderPid}) builds the pages; waiting for it …`);
  // Next refuses two builds of one folder at a time, and begins by emptying it: a lock in there would be gone.
  return withLock(join(kept, "web-build.lock"), { signal, onWait }, async () => {
    const stamp = join(built, "darkroom-inputs");
    const sources = fingerprint(root, inputs, notInputs);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
    rmSync(stamp, { force: true });
    const begunAt = performance.now();
    const took = () => `${Math.round((performance.now() - begunAt) / 1000)} s`;
    say("Building the pages, once after each change: about half a minute …");
    const progress = setInterval(() => say(`  still building, ${took()} …`), PROGRESS_MS);
    try {
      await build(root, guard, signal);
    } finally {
      clearInterval(progress);
    }
    if (signal.aborted) return;
    writeFileSync(stamp, sources);
    say(`Built the pages in ${took()}.`);
  });
}

async function build(root: string, guard: Guard, signal: AbortSignal) {
  const turbo = join(root, "node_modules/.bin/turbo");
  const args = ["run", "build", "--filter", "@darkroom/web", "--output-logs=full", "--ui=stream"];
  const env = { ...process.env, NODE_ENV: "production", FORCE_COLOR: "0" };
  const { status, output } = await runChecked({ cwd: root, command: turbo, args, env, guard, signal });
  if (status === 0 || signal.aborted) return;
  throw new LaunchFailure(`the build of the pages failed:\n${output.trim().split("\n").slice(-40).join("\n")}`);
}
