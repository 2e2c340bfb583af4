import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Toxics } from "@darkroom/fault-proxy";
import { createKeys } from "@darkroom/queue";
import { Redis } from "ioredis";
import postgres from "postgres";
import type { Cluster } from "./cluster.ts";
import type { Part } from "./part.ts";
import { createRandom, type Random } from "./random.ts";
import { bucketLink, type StorageKind } from "./storage.ts";

/** What goes wrong, and at which part or link. */
type Damage =
  | { readonly kind: "kill" | "stop" | "freeze"; readonly part: string }
  | { readonly kind: "flush-redis" | "terminate-backends" }
  | { readonly kind: "lose-key"; readonly pattern: string }
  | { readonly kind: "fill-disk"; readonly freeBytes: number }
  | { readonly kind: "reset-link"; readonly link: string }
  | { readonly kind: "link"; readonly link: string; readonly toxics: Partial<Toxics> };

/** It comes at `atMs` of a run and is put right `forMs` later. */
export type PlannedFault = Damage & { readonly name: string; readonly atMs: number; readonly forMs: number };

/** How many of each there are, and how long a frozen worker must be silent to lose its jobs. */
export interface Setting {
  readonly webs: number;
  readonly workers: number;
  readonly simulators: number;
  readonly leaseSeconds: number;
  readonly storage: StorageKind;
}

type Draw = (random: Random, setting: Setting) => Damage & { readonly forMs: number };

const oneOf = (name: string, count: number, random: Random): string => `${name}-${1 + random.below(count)}`;
const seconds = (random: Random, from: number, to: number): number => Math.round(1000 * random.between(from, to));

/** A link of the kind that the name says: `redis@` and `postgres@` of any process of ours, a backend, a gateway, the bucket. */
function someLink(random: Random, setting: Setting): string {
  const user = random.next() < 0.5 ? oneOf("web", setting.webs, random) : oneOf("worker", setting.workers, random);
  const simulator = oneOf("simulator", setting.simulators, random);
  const web = oneOf("web", setting.webs, random);
  const bucket = setting.storage === "bucket" ? [bucketLink] : [];
  return random.pick([`redis@${user}`, `postgres@${user}`, simulator, simulator, web, ...bucket]);
}

const onLink =
  (toxics: (random: Random) => Partial<Toxics>): Draw =>
  (random, setting) => ({
    kind: "link",
    link: someLink(random, setting),
    toxics: toxics(random),
    forMs: seconds(random, 1, 4),
  });

const storageAway = "S3 is away";

/** A part of what waits: any one lane, or a key that there is once. */
const queueKeys = [`${createKeys().laneRoot}*`, createKeys().ring(), createKeys().owners(), createKeys().members()];

/** Every kind of fault. A run draws them like cards, so that each comes before any comes again. */
const deck: Readonly<Record<string, Draw>> = {
  "kill -9 a worker": (random, { workers }) => ({
    kind: "kill",
    part: oneOf("worker", workers, random),
    forMs: seconds(random, 0, 3),
  }),
  "stop a worker": (random, { workers }) => ({
    kind: "stop",
    part: oneOf("worker", workers, random),
    forMs: seconds(random, 0, 1),
  }),
  "freeze a worker longer than its lease": (random, { workers, leaseSeconds }) => ({
    kind: "freeze",
    part: oneOf("worker", workers, random),
    forMs: seconds(random, 1.2 * leaseSeconds, 2 * leaseSeconds),
  }),
  "kill -9 a gateway": (random, { webs }) => ({
    kind: "kill",
    part: oneOf("web", webs, random),
    forMs: seconds(random, 0, 2),
  }),
  "stop a gateway": (random, { webs }) => ({ kind: "stop", part: oneOf("web", webs, random), forMs: 0 }),
  "freeze a gateway": (random, { webs }) => ({
    kind: "freeze",
    part: oneOf("web", webs, random),
    forMs: seconds(random, 1, 5),
  }),
  "kill -9 Redis, which comes back empty": (random) => ({ kind: "kill", part: "redis", forMs: seconds(random, 0, 4) }),
  FLUSHALL: () => ({ kind: "flush-redis", forMs: 0 }),
  "Redis loses a key of the queue": (random) => ({ kind: "lose-key", pattern: random.pick(queueKeys), forMs: 0 }),
  "kill -9 a simulator, which forgets its queue and history": (random, { simulators }) => ({
    kind: "kill",
    part: oneOf("simulator", simulators, random),
    forMs: seconds(random, 0, 3),
  }),
  "freeze a simulator": (random, { simulators }) => ({
    kind: "freeze",
    part: oneOf("simulator", simulators, random),
    forMs: seconds(random, 1, 4),
  }),
  "terminate every Postgres connection": () => ({ kind: "terminate-backends", forMs: 0 }),
  "kill -9 Postgres": (random) => ({ kind: "kill", part: "postgres", forMs: seconds(random, 0, 3) }),
  // Beyond the time that a call may take, where the lease is as long as in production.
  "Postgres hangs": (random, { leaseSeconds }) => ({
    kind: "freeze",
    part: "postgres",
    forMs: seconds(random, 1, 1 + leaseSeconds),
  }),
  "the workers' disk is full": (random) => ({
    kind: "fill-disk",
    freeBytes: random.below(20_000),
    forMs: seconds(random, 1, 4),
  }),
  [storageAway]: (random) => ({
    kind: "link",
    link: bucketLink,
    toxics: { link: "down" },
    forMs: seconds(random, 1, 4),
  }),
  "reset a link's connections": (random, setting) => ({
    kind: "reset-link",
    link: someLink(random, setting),
    forMs: 0,
  }),
  "a link is late": onLink((random) => ({ latencyMs: seconds(random, 0.05, 0.4), jitterMs: 100 })),
  "a link is down": onLink(() => ({ link: "down" })),
  "a link is a blackhole": onLink(() => ({ link: "blackhole" })),
  "a link is slow": onLink((random) => ({ bytesPerSecond: seconds(random, 10, 100) })),
  "a link slices": onLink((random) => ({ sliceBytes: 1 + random.below(40) })),
  "a link cuts connections after some bytes": onLink((random) => ({ cutAfterBytes: 1 + random.below(20_000) })),
  "a link closes late": onLink(() => ({ closeDelayMs: 1000 })),
};

/** The kinds of fault that a product with such a storage can meet. */
export const faultNames = (storage: StorageKind): string[] =>
  Object.keys(deck).filter((name) => storage === "bucket" || name !== storageAway);

/** The faults of a run, oldest first, decided by the seed alone. `gapMs`: least and most time between two. */
export function planFaults(
  seed: number,
  setting: Setting,
  options: { readonly untilMs: number; readonly gapMs: readonly [number, number] },
): PlannedFault[] {
  const random = createRandom(seed);
  const plan: PlannedFault[] = [];
  let cards: string[] = [];
  for (let atMs = random.between(...options.gapMs); atMs < options.untilMs; atMs += random.between(...options.gapMs)) {
    if (cards.length === 0) cards = random.shuffled(faultNames(setting.storage));
    const name = cards.pop() ?? "";
    const draw = deck[name];
    if (draw !== undefined) plan.push({ ...draw(random, setting), name, atMs: Math.round(atMs) });
  }
  return plan;
}

/** Does it, waits, and puts it right; early if the signal ends. What is down, frozen or bad afterwards is not ours. */
export async function inflict(fault: PlannedFault, cluster: Cluster, signal: AbortSignal): Promise<void> {
  const pause = () => sleep(fault.forMs, undefined, { signal }).catch(() => undefined);
  switch (fault.kind) {
    case "kill":
    case "stop": {
      const part = partOf(cluster, fault.part);
      await (fault.kind === "kill" ? part.kill() : part.stop());
      await pause();
      return part.start();
    }
    case "freeze": {
      const resume = partOf(cluster, fault.part).freeze();
      await pause();
      return resume();
    }
    case "flush-redis":
      return flushRedis(cluster);
    case "lose-key":
      return loseKey(cluster, fault.pattern);
    case "fill-disk":
      await writeFile(cluster.fullDiskFile, String(fault.freeBytes));
      await pause();
      return rm(cluster.fullDiskFile, { force: true });
    case "terminate-backends":
      return terminateBackends(cluster);
    case "reset-link":
      return linkOf(cluster, fault.link).reset();
    case "link": {
      const link = linkOf(cluster, fault.link);
      await link.set(fault.toxics);
      await pause();
      return link.heal();
    }
  }
}

function partOf({ postgres, redis, webs, workers, simulators }: Cluster, name: string): Part {
  const part = [postgres, redis, ...webs, ...workers, ...simulators].find((one) => one.name === name);
  if (part === undefined) throw new Error(`there is no part ${name}`);
  return part;
}

function linkOf({ links }: Cluster, name: string) {
  const link = links.get(name);
  if (link === undefined) throw new Error(`there is no link ${name}`);
  return link;
}

async function flushRedis(cluster: Cluster): Promise<void> {
  await withRedis(cluster, (redis) => redis.flushall());
}

/** The first key of a pattern; nothing if there is none just now. */
async function loseKey(cluster: Cluster, pattern: string): Promise<void> {
  await withRedis(cluster, async (redis) => {
    const [key] = (await redis.keys(pattern)).sort();
    if (key !== undefined) await redis.del(key);
  });
}

/** Redis may be down just now; then it is empty anyway. */
async function withRedis({ redisPort }: Cluster, use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(redisPort, "127.0.0.1", { lazyConnect: true, retryStrategy: null, connectTimeout: 2000 });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    await use(redis);
  } catch {
    // Down.
  } finally {
    redis.disconnect();
  }
}

/** Postgres may be down just now; then there is none. */
async function terminateBackends({ databaseUrl }: Cluster): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  } catch {
    // Down.
  } finally {
    await sql.end({ timeout: 1 });
  }
}
