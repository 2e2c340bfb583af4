import { execFile } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";

/** The part of BullMQ that is measured. */
export interface BullMq {
  Queue: new (
    name: string,
    options: object,
  ) => {
    add(name: string, data: object, options?: object): Promise<unknown>;
    waitUntilReady(): Promise<unknown>;
    count(): Promise<number>;
    close(): Promise<void>;
  };
  Worker: new (
    name: string,
    work: (job: { data: { jobId: string } }) => Promise<void>,
    options: object,
  ) => {
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
}

/** The part of graphile-worker that is measured. */
export interface GraphileWorker {
  run(options: {
    connectionString: string;
    concurrency: number;
    maxPoolSize: number;
    noHandleSignals: boolean;
    logger: unknown;
    taskList: Record<string, (payload: { id: string }) => Promise<void>>;
  }): Promise<{ stop(): Promise<void> }>;
  runMigrations(options: { connectionString: string; logger: unknown }): Promise<void>;
  Logger: new (factory: () => () => void) => unknown;
}

export interface Peers {
  readonly bullmq: BullMq;
  readonly graphile: GraphileWorker;
}

/**
 * What Darkroom is measured beside, in the versions of `package.json`: installed once, into a folder that git ignores and
 * that nothing else reads. Needs a network the first time.
 */
export async function installPeers(root: string): Promise<Peers> {
  const folder = join(root, ".cache/peers");
  await mkdir(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, file), join(folder, file));
  const npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  await promisify(execFile)("npm", npm, { cwd: folder, timeout: 300_000 });
  const load = createRequire(join(folder, "package.json"));
  return { bullmq: load("bullmq") as BullMq, graphile: load("graphile-worker") as GraphileWorker };
}
