import { createProcessLog } from "@darkroom/monitor";
import { progressedEvent } from "@darkroom/queue/testing";
import { tick as workerTick } from "../../apps/worker/src/maintenance.ts";
import { agree } from "./agree.ts";
import type { Passage } from "./in-flight.ts";
import { jobTimeoutSeconds, leaseSeconds } from "./settings.ts";
import { takeNext } from "./take-next.ts";
import { backendIds, choose, isAble, type World } from "./world.ts";

/** A step that is no single transaction; answers what was done, or null if there was nothing to do. */
type Move = (world: World, picks: readonly [number, number, number]) => Promise<string | null>;

const log = createProcessLog({ app: "worker", level: "silent", instance: "model" });

const goOn: Move = async (world, [a, b]) => {
  const chosen = choose(world.inFlight, a);
  if (chosen === undefined) return null;
  const passage: Passage = b % 10 === 0 ? "refused" : b % 10 === 1 ? "answer-lost" : "works";
  const label = `${chosen.label}: ${chosen.next}${passage === "works" ? "" : ` (${passage})`}`;
  await chosen.go(passage);
  world.inFlight = world.inFlight.filter(({ isDone }) => !isDone);
  return label;
};

const kill: Move = async (world, [a]) => {
  const chosen = choose(world.inFlight, a);
  if (chosen === undefined) return null;
  world.inFlight = world.inFlight.filter((other) => other !== chosen);
  return `${chosen.label} is killed before: ${chosen.next}`;
};

const repeat: Move = async (world, [a]) => {
  const entry = choose(world.queueReference.entries(), a);
  if (entry === undefined) return null;
  await world.push([entry], a % 2 === 0 ? "tail" : "head");
  return `${entry.jobId} is pushed a second time`;
};

const take: Move = async (world, [a, b]) => {
  const backendId = choose(backendIds, a) ?? "b1";
  const entry = await takeNext(world, backendId, ([null, "m1", "m2"] as const)[b % 3] ?? null);
  if (entry !== null) world.hands.push({ entry, backendId });
  return `take for ${backendId} → ${entry?.jobId ?? "nothing"}`;
};

const forget: Move = async (world, [a]) => {
  const hand = choose(world.hands, a);
  if (hand === undefined) return null;
  world.hands = world.hands.filter((other) => other !== hand);
  return `whoever took ${hand.entry.jobId} dies`;
};

/** One tick of the worker's own maintenance; it stops before each command to Redis. */
export async function beginTick(world: World): Promise<void> {
  const { database, publisher } = world.stores;
  const announcer = {
    events: () => undefined,
    transient: () => undefined,
    metric: () => undefined,
    preview: async () => true,
  };
  // Typed wider than what a tick reads.
  const settings = { leaseSeconds, jobTimeoutSeconds } as Parameters<typeof workerTick>[0]["settings"];
  await world.begin("tick", (queue) => workerTick({ database, queue, publisher, announcer, settings, log }));
  world.reference.maintain(isAble);
  world.areJobsTouched = true;
}

const tick: Move = async (world) => {
  await beginTick(world);
  return "tick";
};

/** A worker, perhaps one that lost the job long ago, says how far it is. */
const progress: Move = async (world, [a, b]) => {
  const held = world.attempt(a);
  const job = world.reference.jobs.get(held?.jobId ?? "");
  if (held === undefined || job === undefined) return null;
  const { jobId, attempt } = held;
  const percent = b % 101;
  const { publisher } = world.stores;
  await publisher.publishTransient({
    ownerId: job.ownerId,
    event: progressedEvent({
      jobId,
      version: job.version,
      attempt,
      at: new Date(world.reference.now).toISOString(),
      progress: percent,
    }),
  });
  world.queueReference.report(jobId, { attempt, percent });
  const kept = (await publisher.lastProgress([jobId])).get(jobId);
  const label = `progress of ${jobId}#${attempt}: ${percent} %`;
  const real = { attempt: kept?.attempt, percent: kept?.progress };
  agree(label, real, world.queueReference.progress.get(jobId), world.names);
  return label;
};

const passTime: Move = async (world, [a]) => {
  const seconds = choose([1, 3, 3, 6, 6, 7, 11, 40] as const, a) ?? 1;
  await passSeconds(world, seconds);
  return `${seconds} s pass`;
};

/** Moves the database's clock and the reference's. */
export async function passSeconds(world: World, seconds: number): Promise<void> {
  await world.stores.passTime(seconds);
  world.reference.now += seconds * 1000;
}

const flush: Move = async (world) => {
  await world.stores.flush();
  world.queueReference.wipe();
  world.isQueueTouched = true;
  return "redis is emptied";
};

/** Something that Redis holds of the queue is lost: until it is found, nobody can say what comes out of it. */
async function damage(world: World, what: string, lose: () => Promise<unknown>): Promise<string> {
  await lose();
  world.queueReference.isDamaged = true;
  return world.names(what);
}

const loseKey: Move = async (world, [a]) => {
  const { all } = await world.stores.queueKeys(world.ownerIds);
  const key = choose(all, a);
  return key === undefined ? null : damage(world, `${key} is gone`, () => world.stores.redis.del(key));
};

const loseElements: Move = async (world, [a, b]) => {
  const { redis } = world.stores;
  const list = choose((await world.stores.queueKeys(world.ownerIds)).lists, a);
  if (list === undefined) return null;
  const lost = await redis.llen(list).then((length) => 1 + (b % length));
  return damage(world, `${list} lost ${lost}`, () => (b % 2 === 0 ? redis.lpop(list, lost) : redis.rpop(list, lost)));
};

const dangle: Move = async (world, [a, b]) => {
  const ownerId = choose(world.ownerIds, a);
  const { members } = await world.stores.queueKeys(world.ownerIds);
  // Of a job that ended, of one that runs, or of one that waits under another priority.
  const job = world.job(b);
  if (job === undefined) return null;
  // What waits there would only need something else from now on: that is no loss, and cannot be told from the truth.
  if ((await world.stores.redis.hget(members, job.jobId))?.startsWith("l|")) return null;
  return damage(world, `the member ${job.jobId} points to nothing`, () =>
    world.stores.redis.hset(members, job.jobId, `l|${ownerId}|plain|`),
  );
};

const forgetScripts: Move = async (world) => {
  await world.stores.redis.script("FLUSH");
  return "redis forgets its scripts";
};

const promote: Move = async (world, [a]) => {
  const job = world.job(a);
  if (job === undefined) return null;
  await world.queue(world.atOnce).promote(job.jobId);
  return `promote ${job.jobId}`;
};

const clear: Move = async (world) => {
  await world.queue(world.atOnce).clear();
  return "clear the queue";
};

/** The moves by name, each with how often it comes up. */
export const moves = {
  goOn: [goOn, 16],
  kill: [kill, 2],
  repeat: [repeat, 1],
  take: [take, 10],
  forget: [forget, 1],
  tick: [tick, 5],
  progress: [progress, 2],
  passTime: [passTime, 5],
  flush: [flush, 1],
  loseKey: [loseKey, 1],
  loseElements: [loseElements, 1],
  dangle: [dangle, 1],
  forgetScripts: [forgetScripts, 1],
  promote: [promote, 1],
  clear: [clear, 1],
} as const satisfies Record<string, readonly [Move, number]>;
