import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ServiceProcess } from "../processes/service-process.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { clearStalePostmaster } from "./stale-postmaster.ts";

/** Postgres refuses to run as root, so root's Postgres runs as `nobody`. No user is created for it. */
const nobody = 65534;

const user = "darkroom";
const database = "darkroom";

export interface EmbeddedPostgresOptions {
  /** Made if it does not exist. Its parents must let others enter when we are root. */
  dataDir: string;
  port: number;
  /** Null: anyone who can reach the port is let in. */
  password: string | null;
  /** False: nothing is flushed, for tests. */
  durable: boolean;
  logFile: string;
}

/** An initialised database cluster, ready to be started. */
export interface EmbeddedPostgres {
  service: ServiceProcess;
  /** Of our own database. */
  url: string;
  /** Of the database `postgres`. */
  adminUrl: string;
  /** `18.4`. */
  version: string;
}

/** Creates the cluster if it is not there yet. Nothing runs afterwards. */
export async function prepareEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, port, password } = options;
  const runAs = process.getuid?.() === 0 ? nobody : null;
  const binaries = await findPostgresBinaries(runAs);
  if (!existsSync(join(dataDir, "PG_VERSION"))) await initialise(options, binaries, runAs);
  await adopt(dataDir, runAs);

  const unsafe = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
  ];
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "log_min_messages=warning",
    ...(options.durable ? [] : unsafe),
  ];
  const login = password === null ? user : `${user}:${password}`;
  return {
    url: `postgres://${login}@127.0.0.1:${port}/${database}`,
    adminUrl: `postgres://${login}@127.0.0.1:${port}/postgres`,
    version: binaries.version,
    service: {
      name: "postgres",
      command: join(binaries.native, "bin", "postgres"),
      args: ["-D", dataDir, ...settings.flatMap((setting) => ["-c", setting])],
      env: databaseEnvironment(),
      // Postgres can't open the folder we stand in when that belongs to root alone.
      cwd: "/",
      ...(runAs === null ? {} : { uid: runAs, gid: runAs }),
      logFile: options.logFile,
      stopSignal: "SIGINT",
      stopTimeoutMs: 10_000,
      prepare: () => clearStalePostmaster(dataDir),
      isReady: (pid) => isPostmasterReady(dataDir, pid),
      readyTimeoutMs: 60_000,
    },
  };
}

/** Makes the cluster beside its final place, so that a crash half-way leaves nothing that looks finished. */
async function initialise(options: EmbeddedPostgresOptions, binaries: PostgresBinaries, runAs: number | null) {
  const { dataDir, password } = options;
  const unfinished = `${dataDir}.unfinished`;
  const passwordFile = `${dataDir}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(unfinished, { mode: 0o700 });
  await adopt(unfinished, runAs);
  const run = (program: string, args: string[], input?: string) =>
    runProgram(join(binaries.native, "bin", program), args, runAs, input);
  try {
    if (password !== null) {
      await writeFile(passwordFile, password, { mode: 0o600 });
      if (runAs !== null) await chown(passwordFile, runAs, runAs);
    }
    await run("initdb", [
      ...["-D", unfinished, "-U", user, "--encoding=UTF8", "--locale=C"],
      ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
      ...(password === null ? ["--auth=trust"] : ["--auth=scram-sha-256", `--pwfile=${passwordFile}`]),
      ...(options.durable ? [] : ["--no-sync"]),
    ]);
    const fast = options.durable ? [] : ["-c", "fsync=off"];
    await run("postgres", ["--single", "-D", unfinished, ...fast, "postgres"], `CREATE DATABASE ${database}\n`);
    await rm(dataDir, { recursive: true, force: true });
    await rename(unfinished, dataDir);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function adopt(folder: string, runAs: number | null) {
  if (runAs !== null) await chown(folder, runAs, runAs);
  await chmod(folder, 0o700);
}

function runProgram(file: string, args: string[], runAs: number | null, input?: string): Promise<void> {
  const as = runAs === null ? {} : { uid: runAs, gid: runAs };
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { ...as, cwd: "/", env: databaseEnvironment() }, (error, _stdout, stderr) => {
      if (error)
        reject(
          new Error(`${basename(file)} failed: ${stderr.trim().split("\n").slice(-3).join(" · ") || error.message}`),
        );
      else resolve();
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

/** Nothing of ours: a stray PGDATA, PGPORT or locale would change what the server does. */
function databaseEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

/** What `pg_ctl -w` does: the eighth line of `postmaster.pid` tells the state. */
async function isPostmasterReady(dataDir: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}
