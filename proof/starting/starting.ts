import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Guard } from "../../scripts/processes/guard.ts";
import { freePort } from "../../scripts/processes/ports.ts";

/** A program as somebody who waits for it sees it. */
export interface Watched {
  /** Until it said that it was there, in seconds. */
  readonly ready: number;
  /** The longest that it said nothing before that, in seconds. */
  readonly silence: number;
  readonly child: ChildProcess;
}

/** Resolves with the first line that `pattern` matches. @throws Error, with what it printed, if the program ends before. */
export async function watchUntil(child: ChildProcess, pattern: RegExp): Promise<Watched> {
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let output = "";
  let [silence, spokeAt] = [0, startedAt];
  const onData = (chunk: Buffer): void => {
    output += chunk.toString();
    silence = Math.max(silence, performance.now() - spokeAt);
    spokeAt = performance.now();
    if (pattern.test(output)) resolve();
  };
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", onData);
  child.once("exit", () => reject(new Error(`ended before ${pattern}:\n${output}`)));
  await promise;
  return { ready: (performance.now() - startedAt) / 1000, silence: silence / 1000, child };
}

/** A clone of what is committed here, with nothing installed, and a home with nothing in it. */
export interface Clone {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

export async function cloneInto(root: string, folder: string): Promise<Clone> {
  execFileSync("git", ["clone", "--quiet", "--no-hardlinks", root, folder]);
  const home = `${folder}-home`;
  await mkdir(home);
  return { folder, env: { ...callersEnvironment(root), HOME: home } };
}

/** Ours without what our own commands have put there; the way to the registry stays. */
function callersEnvironment(root: string): NodeJS.ProcessEnv {
  const ours =
    /^(npm_.*|NODE_COMPILE_CACHE|NODE_ENV|CI|XDG_.*|PORT|WORKER_PORT|(DATABASE|REDIS|STORAGE|PUBLIC)_URL|COMFYUI_URLS)$/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  const path = (process.env.PATH ?? "").split(delimiter).filter((entry) => !entry.startsWith(root));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), NEXT_TELEMETRY_DISABLED: "1" };
}

/** `npm start` until the product is ready, and its end. `guard` ends it if this process is killed. */
export async function start({ folder, env }: Clone, guard: Guard): Promise<Watched> {
  const ports = { PORT: await freePort(), WORKER_PORT: await freePort(), SIMULATOR_PORT: await freePort() };
  const named = Object.entries(ports).map(([name, port]) => [name, String(port)]);
  const child = spawn("npm", ["start"], {
    cwd: folder,
    env: { ...env, ...Object.fromEntries(named), DATA_DIR: `${folder}-data` },
    // A group of its own, so that what npm starts is told to end too.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const { pid = 0 } = child;
  guard.watch(pid, "SIGTERM");
  try {
    return await watchUntil(child, /ready at/);
  } finally {
    if (child.exitCode === null) process.kill(-pid, "SIGTERM");
    await ended;
    guard.forget(pid);
  }
}

/** `pnpm install` and `next build` by hand, with the pnpm that `tools` has fetched; in seconds. */
export async function installAndBuild({ folder, env }: Clone, tools: Clone): Promise<number> {
  const scope = join(tools.folder, ".cache/tools/node_modules/@pnpm");
  const pnpm = (await readdir(scope)).find((name) => name.startsWith("exe."));
  if (pnpm === undefined) throw new Error(`there is no pnpm in ${scope}`);
  const startedAt = performance.now();
  const run = (command: string, args: string[], cwd: string): void => {
    execFileSync(command, args, { cwd, env: { ...env, CI: "true", NODE_ENV: "production" }, stdio: "ignore" });
  };
  run(join(scope, pnpm, "pnpm"), ["install", "--frozen-lockfile", "--prod=false"], folder);
  run("node_modules/.bin/next", ["build"], join(folder, "apps/web"));
  return (performance.now() - startedAt) / 1000;
}
