import { DarkroomError, newId } from "@darkroom/contracts";
import { removeJob, requestCancel, requestCancelBatch, submitJobs } from "@darkroom/db";
import { wideLimits } from "@darkroom/db/testing";
import { choose } from "../world.ts";
import { operation, type Plan } from "./operation.ts";

// What owners ask for, through the API.

/** Keeps the walls of one run within reach: more jobs make it slower and find nothing more. */
const maxJobs = 24;

export const submit: Plan = (world, [a, b, c]) => {
  const { stores, reference } = world;
  const ownerId = choose(world.ownerIds, a) ?? "";
  if (reference.jobs.size >= maxJobs) return null;
  const ended = choose(
    [...reference.jobs.values()].filter((job) => job.ownerId === ownerId && !reference.isOpen(job)),
    c,
  );
  const size = a % 5 === 0 ? 3 : 1;
  // Few keys and two contents, so that repeats and conflicts come up.
  const key = c % 3 === 0 ? `key ${(c >> 2) % 4}` : null;
  const jobs = Array.from({ length: size }, (_, index) =>
    world.newJob({
      priority: (["normal", "normal", "high", "low"] as const)[(b + index) % 4] ?? "normal",
      capabilityKey: b % 7 === 0 ? "rare" : "plain",
      modelKey: (["m1", "m2", null] as const)[(b >> 2) % 3] ?? null,
      idempotencyKey: key === null ? null : `${key} ${index}`,
      inputsHash: b % 5 === 0 ? "other" : "same",
      retryOf: b % 6 === 0 && ended !== undefined ? ended.jobId : null,
    }),
  );
  const batchId = size > 1 ? newId() : null;
  for (const { jobId } of jobs) world.name(jobId, world.names(ownerId));
  if (batchId !== null) world.name(batchId, "batch ");
  const facts = jobs.map(({ priority, capabilityKey }) => `${priority} ${capabilityKey}`).join(", ");
  return operation({
    label: `submit ${jobs.map(({ jobId }) => jobId)} (${facts}${key === null ? "" : `, ${key}`})`,
    run: () =>
      submitJobs(stores.database, {
        ownerId,
        ownerKind: "account",
        addressKey: null,
        limits: wideLimits,
        jobs,
        batchId,
      }).catch((error: unknown) => {
        if (error instanceof DarkroomError) return error.code;
        throw error;
      }),
    expect: (state) => state.submit(ownerId, batchId, jobs),
    predictable: (answer) =>
      typeof answer === "string" ? answer : answer.jobs.map(({ jobId, state, version }) => ({ jobId, state, version })),
    follow: async (answer) => {
      if (typeof answer !== "string" && answer.created) await world.push(answer.entries, "tail");
    },
  });
};

export const cancel: Plan = (world, [a]) => {
  const job = world.job(a);
  if (job === undefined) return null;
  const { jobId } = job;
  return operation({
    label: `cancel ${jobId}`,
    run: () => requestCancel(world.stores.database, { jobId, ownerIds: null }),
    expect: (state) => state.cancel(jobId),
    predictable: (answer) => answer?.state,
    follow: async (answer) => {
      if (answer?.wasQueued) await world.begin("after cancel", (queue) => queue.remove([jobId]));
    },
  });
};

export const remove: Plan = (world, [a]) => {
  const job = world.job(a);
  if (job === undefined) return null;
  const { jobId } = job;
  return operation({
    label: `remove ${jobId}`,
    run: () =>
      removeJob(world.stores.database, { jobId, ownerIds: null }).catch((error: unknown) => {
        if (error instanceof DarkroomError) return error.code;
        throw error;
      }),
    expect: (state) => state.remove(jobId),
    predictable: (answer) => (typeof answer === "string" ? answer : (answer?.length ?? null)),
  });
};

export const cancelBatch: Plan = (world, [a]) => {
  const batchId = choose([...world.reference.batches.keys()], a);
  if (batchId === undefined) return null;
  return operation({
    label: `cancel ${batchId}`,
    run: () => requestCancelBatch(world.stores.database, { batchId, ownerIds: null }),
    expect: (state) => state.cancelBatch(batchId),
    predictable: (answer) => answer?.jobs.map(({ state }) => state),
    follow: async (answer) => {
      const removed = answer?.jobs.filter(({ wasQueued }) => wasQueued).map(({ jobId }) => jobId) ?? [];
      if (removed.length > 0) await world.begin("after cancel", (queue) => queue.remove(removed));
    },
  });
};
