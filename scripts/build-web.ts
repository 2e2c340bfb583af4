import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LaunchFailure } from "./failure.ts";

/** What the pages are built from. Server code is part of it, as the pages take its types. */
const inputs = ["apps/web/**/*", "packages/*/src/**/*", "packages/*/package.json", "tooling/*.json", "pnpm-lock.yaml"];
const notInputs = /(^|\/)(node_modules|\.next|\.turbo)(\/|$)|\.test\.ts$|next-env\.d\.ts$|tsbuildinfo$/;

/**
 * Builds the pages into `apps/web/.next` unless that is already the build of these sources. Returns whether it built.
 * Throws with the end of the build's output if it fails.
 */
export async function buildWeb(root: string, signal?: AbortSignal): Promise<boolean> {
  const stamp = join(root, "apps/web/.next/darkroom-inputs");
  const fingerprint = fingerprintOfInputs(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint) return false;
  rmSync(stamp, { force: true });
  const { status, output } = await runTurbo(root, signal);
  if (signal?.aborted) return true;
  if (status !== 0)
    throw new LaunchFailure(`the build of the pages failed:\n${output.trim().split("\n").slice(-40).join("\n")}`);
  writeFileSync(stamp, fingerprint);
  return true;
}

function fingerprintOfInputs(root: string): string {
  const hash = createHash("sha256");
  const files = globSync(inputs, { cwd: root, exclude: (path) => notInputs.test(path), withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of paths.sort()) {
    if (!notInputs.test(path.slice(root.length))) hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function runTurbo(root: string, signal?: AbortSignal): Promise<{ status: number; output: string }> {
  const turbo = join(root, "node_modules/.bin/turbo");
  const args = ["run", "build", "--filter", "@darkroom/web", "--output-logs=full", "--ui=stream"];
  const child = spawn(turbo, args, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production", FORCE_COLOR: "0" },
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const abort = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has just ended
    }
  };
  signal?.addEventListener("abort", abort, { once: true });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new LaunchFailure(`could not run turbo: ${error.message}`)));
    child.once("close", (code) => {
      signal?.removeEventListener("abort", abort);
      resolve({ status: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
