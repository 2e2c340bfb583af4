import { claimJob, setBackendDraining, setPaused, settleJob } from "@darkroom/db";
import { Disagreement } from "./agree.ts";
import { beginTick, passSeconds } from "./moves.ts";
import { reportBackend } from "./operations/backends.ts";
import { performOne } from "./perform-one.ts";
import { leaseSeconds } from "./settings.ts";
import { takeNext } from "./take-next.ts";
import { type BackendId, isAble, type World } from "./world.ts";

/** Ticks are this far apart: less than two thirds of a lease, so that maintenance counts as having been there. */
const tickSeconds = 6;
/** Enough for a lease, the patience with an adoption and the patience with a job that nobody can run, one after another. */
const maxRounds = 40;

/**
 * Every process dies, and new ones do everything right from now on, on the backends that are there: then every job must
 * end, and each that succeeds must have had its turn.
 */
export async function finishEverything(
  world: World,
  alive: readonly BackendId[],
  done: (label: string) => Promise<void>,
): Promise<void> {
  world.inFlight = [];
  world.hands = [];
  const { database } = world.stores;
  world.areJobsTouched = true;
  await setPaused(database, false);
  world.reference.isPaused = false;
  for (const backendId of alive) {
    await setBackendDraining(database, { backendId, draining: false });
    world.reference.drain(backendId, false);
  }
  for (let round = 0; round < maxRounds; round += 1) {
    for (const backendId of alive) await performOne(world, reportBackend(world, backendId, true));
    await tickToTheEnd(world);
    await done(`tick ${round + 1} of the end, with ${alive.join(" and ")}`);
    for (const backendId of alive) await workOff(world, backendId, done);
    if ([...world.reference.jobs.values()].every((job) => !world.reference.isOpen(job))) return;
    await passSeconds(world, tickSeconds);
  }
  const open = [...world.reference.jobs.values()].filter((job) => world.reference.isOpen(job));
  const facts = open.map((job) => {
    const waiting = world.queueReference.entry(job.jobId);
    const place = waiting === undefined ? "not in redis" : `in redis under ${waiting.capabilityKey}`;
    return `${job.jobId} is ${job.state} for ${world.reference.entryOf(job).capabilityKey}, ${place}`;
  });
  throw new Disagreement(world.names(`does not hold: every job ends\n  ${facts.join("\n  ")}`));
}

async function tickToTheEnd(world: World): Promise<void> {
  await beginTick(world);
  for (const tick of world.inFlight) while (!tick.isDone) await tick.go("works");
  world.inFlight = [];
  if (!world.queueReference.hasEpoch) throw new Disagreement("does not hold: a tick rebuilds an empty queue");
  if (world.queueReference.isDamaged) throw new Disagreement("does not hold: a tick heals what was lost of the queue");
  for (const job of world.reference.unqueued()) {
    if (world.queueReference.entry(job.jobId) !== undefined) continue;
    throw new Disagreement(world.names(`does not hold: after a tick redis knows ${job.jobId}`));
  }
}

/** One worker of the backend: takes, claims and succeeds until nothing is left that it can run. */
async function workOff(world: World, backendId: BackendId, done: (label: string) => Promise<void>): Promise<void> {
  const { database } = world.stores;
  for (;;) {
    const entry = await takeNext(world, backendId, null);
    if (entry === null) return;
    const { jobId } = entry;
    const meant = world.reference.jobs.get(jobId);
    // Who adopts finds the prompt on this backend, however it came there while the queue was damaged.
    const isAdoption = meant?.adoptBackendId === backendId;
    const wish = { jobId, backendId, adopt: false };
    const label = await performOne(world, {
      label: `claim ${jobId} for ${backendId}`,
      run: () => claimJob(database, { ...wish, workerId: "w9", leaseSeconds }),
      expect: (state) => state.claim(wish),
      predictable: (answer) => (answer as Awaited<ReturnType<typeof claimJob>>)?.job.attempt ?? null,
    });
    await done(label);
    const job = world.reference.jobs.get(jobId);
    if (job?.state !== "running") continue;
    if (!isAdoption && !isAble(backendId, job.capabilityKey)) {
      throw new Disagreement(`${backendId} was given a job it cannot run`);
    }
    const held = { jobId, attempt: job.attempt };
    await performOne(world, {
      label: `settle ${jobId}#${job.attempt} succeeded`,
      run: () => settleJob(database, { ...held, outcome: { type: "succeeded" } }),
      expect: (state) => state.settle(held, { type: "succeeded" }),
      predictable: (answer) => (answer === null ? "lost" : (answer as { entry: unknown }).entry),
    });
    await done(`settle ${jobId}#${held.attempt} succeeded`);
  }
}
