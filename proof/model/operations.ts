import { DarkroomError, newId } from "@darkroom/contracts";
import {
  acquireSlot,
  claimJob,
  closeDispatch,
  createOutput,
  heartbeat,
  type Outcome,
  openDispatches,
  recordDispatch,
  releaseSlot,
  requestCancel,
  requestCancelBatch,
  setBackendDraining,
  setPaused,
  settleJob,
  stageJob,
  submitJobs,
  upsertBackend,
} from "@darkroom/db";
import type { JobReference } from "./job-reference.ts";
import { leaseSeconds } from "./settings.ts";
import { backendIds, backends, choose, isAble, type World, workerIds } from "./world.ts";

/** One transaction: what is done, what it should answer, and what goes on from there. */
export interface Operation<Answer = unknown> {
  readonly label: string;
  /** Operations of one and the same are done by one process, one after another: they never race. */
  readonly by?: string;
  run(): Promise<Answer>;
  /** Does the same to the reference; answers as `gist` says it. */
  expect(reference: JobReference): unknown;
  /** What of the answer can be predicted. */
  gist(answer: Answer): unknown;
  /** What the process that asked knows now, and begins to do. */
  follow?(answer: Answer): Promise<void> | void;
}

type Plan = (world: World, picks: readonly [number, number, number]) => Operation | null;

const limits = { submitsPerMinute: 1e6, generationsPerHour: 1e6, maxWaitingPerOwner: 1e6, maxWaiting: 1e6 };
const failure = { code: "NODE_FAILED", message: "A node failed.", retryable: true } as const;
const outcomes: readonly Outcome[] = [
  { type: "succeeded" },
  { type: "failed", failure },
  { type: "retry", failure, delaySeconds: 0, infra: false },
  { type: "retry", failure, delaySeconds: 5, infra: false },
  { type: "retry", failure, delaySeconds: 0, infra: true },
  { type: "canceled" },
  { type: "released" },
];
/** Keeps the walls of one run within reach: more jobs make it slower and find nothing more. */
const maxJobs = 24;

// Answers differ per operation; a list of them can only be used through `gist` and `follow`, which fit.
const operation = <Answer>(made: Operation<Answer>) => made as Operation;

const submit: Plan = (world, [a, b, c]) => {
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
      submitJobs(stores.database, { ownerId, ownerKind: "account", addressKey: null, limits, jobs, batchId }).catch(
        (error: unknown) => {
          if (error instanceof DarkroomError) return error.code;
          throw error;
        },
      ),
    expect: (state) => state.submit(ownerId, batchId, jobs),
    gist: (answer) =>
      typeof answer === "string" ? answer : answer.jobs.map(({ jobId, state, version }) => ({ jobId, state, version })),
    follow: async (answer) => {
      if (typeof answer !== "string" && answer.created) await world.push(answer.entries, "tail");
    },
  });
};

function claim(world: World, wish: { jobId: string; workerId: string; backendId: string; adopt: boolean }): Operation {
  return operation({
    label: `${wish.adopt ? "adopt" : "claim"} ${wish.jobId} by ${wish.workerId} for ${wish.backendId}`,
    run: () => claimJob(world.stores.database, { ...wish, leaseSeconds }),
    expect: (state) => state.claim(wish),
    gist: (answer) => answer?.job.attempt ?? null,
    follow: async (answer) => {
      if (answer === null) return;
      const { jobId, workerId, backendId } = wish;
      world.attempts.push({ jobId, attempt: answer.job.attempt, workerId, backendId });
      if (wish.adopt) await world.begin("after adoption", (queue) => queue.remove([jobId]));
    },
  });
}

const claimTaken: Plan = (world, [a, b]) => {
  const hand = choose(world.hands, a);
  if (hand === undefined) return null;
  world.hands = world.hands.filter((other) => other !== hand);
  const workerId = choose(workerIds, b) ?? "";
  return claim(world, { jobId: hand.entry.jobId, workerId, backendId: hand.backendId, adopt: false });
};

/** What a worker does that was given an id twice, or finds a prompt on its backend. */
const claimAny: Plan = (world, [a, b, c]) => {
  const job = world.job(a);
  if (job === undefined) return null;
  const able = backendIds.filter((backendId) => isAble(backendId, job.capabilityKey));
  const [workerId = "", backendId = ""] = [choose(workerIds, b), choose(able, c)];
  return claim(world, { jobId: job.jobId, workerId, backendId, adopt: b % 4 > 0 });
};

const dispatch: Plan = (world, [a]) => {
  const held = world.attempt(a);
  if (held === undefined) return null;
  const { jobId, attempt, backendId } = held;
  const promptId = newId();
  world.name(promptId, "prompt ");
  world.promptIds.push(promptId);
  return operation({
    label: `dispatch ${jobId}#${attempt} as ${promptId} to ${backendId}`,
    by: `${jobId}#${attempt}`,
    run: () =>
      recordDispatch(world.stores.database, { jobId, attempt, backendId, promptId, clientId: "client", graph: {} }),
    expect: (state) => state.dispatch({ jobId, attempt, backendId, promptId }),
    gist: (answer) => answer,
  });
};

const close: Plan = (world, [a]) => {
  const promptId = choose(world.promptIds, a);
  if (promptId === undefined) return null;
  return operation({
    label: `close ${promptId}`,
    run: () => closeDispatch(world.stores.database, { promptId }),
    expect: (state) => state.closeDispatch(promptId),
    gist: () => undefined,
  });
};

const lookThrough: Plan = (world, [a]) => {
  const backendId = choose(backendIds, a) ?? "";
  const byPrompt = (x: unknown, y: unknown) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1);
  return operation({
    label: `look through the prompts of ${backendId}`,
    run: () => openDispatches(world.stores.database, { backendId }),
    expect: (state) => state.openDispatches(backendId).toSorted(byPrompt),
    gist: (answer) =>
      answer
        .map(({ promptId, attempt, leaseLive, current }) => ({
          promptId,
          attempt,
          leaseLive: leaseLive === true,
          current,
        }))
        .toSorted(byPrompt),
  });
};

const stage: Plan = (world, [a, b]) => {
  const held = world.attempt(a);
  if (held === undefined) return null;
  const { jobId, attempt } = held;
  const to = choose(["loading", "sampling", "saving"] as const, b) ?? "loading";
  return operation({
    label: `stage ${jobId}#${attempt} ${to}`,
    run: () => stageJob(world.stores.database, { jobId, attempt, stage: to }),
    expect: (state) => state.stage({ jobId, attempt }, to),
    gist: (answer) => answer?.length ?? null,
  });
};

const output: Plan = (world, [a, b]) => {
  const held = world.attempt(a);
  if (held === undefined) return null;
  const { jobId, attempt } = held;
  const ordinal = b % 2;
  const file = { kind: "image", mimeType: "image/png", width: 1, height: 1, sizeBytes: 1, seed: null } as const;
  const stored = { outputId: newId(), sha256: "s", storageKey: "k", ...file };
  return operation({
    label: `output ${ordinal} of ${jobId}#${attempt}`,
    run: () => createOutput(world.stores.database, { jobId, attempt, ordinal, output: stored }),
    expect: (state) => state.output({ jobId, attempt }, ordinal),
    gist: (answer) => answer?.length ?? null,
  });
};

const settle: Plan = (world, [a, b]) => {
  const held = world.attempt(a);
  const outcome = choose(outcomes, b);
  if (held === undefined || outcome === undefined) return null;
  const { jobId, attempt } = held;
  return operation({
    label: `settle ${jobId}#${attempt} ${wordsFor(outcome)}`,
    run: () => settleJob(world.stores.database, { jobId, attempt, outcome }),
    expect: (state) => state.settle({ jobId, attempt }, outcome),
    gist: (answer) => (answer === null ? "lost" : answer.entry),
    follow: async (answer) => {
      if (answer?.entry != null) await world.push([answer.entry], "head");
    },
  });
};

function wordsFor(outcome: Outcome): string {
  if (outcome.type !== "retry") return outcome.type;
  return outcome.infra ? "prompt lost" : `retry in ${outcome.delaySeconds} s`;
}

const cancel: Plan = (world, [a]) => {
  const job = world.job(a);
  if (job === undefined) return null;
  const { jobId } = job;
  return operation({
    label: `cancel ${jobId}`,
    run: () => requestCancel(world.stores.database, { jobId, ownerIds: null }),
    expect: (state) => state.cancel(jobId),
    gist: (answer) => answer?.state,
    follow: async (answer) => {
      if (answer?.wasQueued) await world.begin("after cancel", (queue) => queue.remove([jobId]));
    },
  });
};

const cancelBatch: Plan = (world, [a]) => {
  const batchId = choose([...world.reference.batches.keys()], a);
  if (batchId === undefined) return null;
  return operation({
    label: `cancel ${batchId}`,
    run: () => requestCancelBatch(world.stores.database, { batchId, ownerIds: null }),
    expect: (state) => state.cancelBatch(batchId),
    gist: (answer) => answer?.jobs.map(({ state }) => state),
    follow: async (answer) => {
      const removed = answer?.jobs.filter(({ wasQueued }) => wasQueued).map(({ jobId }) => jobId) ?? [];
      if (removed.length > 0) await world.begin("after cancel", (queue) => queue.remove(removed));
    },
  });
};

const beat: Plan = (world, [a, b, c]) => {
  const workerId = choose(workerIds, a) ?? "";
  const jobs = world.attempts
    .filter((held, index) => held.workerId === workerId && (b >> (index % 8)) % 2 === 0)
    .map(({ jobId, attempt }) => ({ jobId, attempt, percent: c % 2 === 0 ? c % 100 : null }));
  const slots = world.slots
    .filter((slot) => slot.workerId === workerId)
    .map(({ backendId, ordinal }) => ({ backendId, ordinal }));
  // A worker names an attempt, and a slot, once.
  const [ownJobs, ownSlots] = [distinct(jobs), distinct(slots)];
  if (ownJobs.length === 0 && ownSlots.length === 0) return null;
  const progressOf = (percent: number) => ({
    percent,
    message: "",
    step: null,
    steps: null,
    nodeTitle: null,
    nodesDone: 0,
    nodesTotal: 1,
  });
  return operation({
    label: `heartbeat of ${workerId} for ${ownJobs.map(({ jobId, attempt }) => `${jobId}#${attempt}`)} and ${ownSlots.length} slots`,
    run: () =>
      heartbeat(world.stores.database, {
        workerId,
        leaseSeconds,
        jobs: ownJobs.map(({ jobId, attempt, percent }) => {
          return { jobId, attempt, progress: percent === null ? null : progressOf(percent) };
        }),
        slots: ownSlots,
      }),
    expect: (state) => state.heartbeat(workerId, ownJobs, ownSlots),
    gist: (answer) => ({ ...answer, canceling: answer.canceling.toSorted() }),
  });
};

const distinct = <Item>(items: readonly Item[]): Item[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

const acquire: Plan = (world, [a, b, c]) => {
  const [backendId = "b1", workerId = ""] = [choose(backendIds, a), choose(workerIds, b)];
  const kind = c % 3 === 0 ? "next" : "run";
  const wish = { backendId, workerId, concurrency: backends[backendId].concurrency, kind } as const;
  return operation({
    label: `${workerId} asks for a slot of kind ${kind} of ${backendId}`,
    run: () => acquireSlot(world.stores.database, { ...wish, leaseSeconds }),
    expect: (state) => state.acquireSlot(wish),
    gist: (answer) => answer?.ordinal ?? null,
    follow: (answer) => {
      if (answer !== null) world.slots.push({ backendId, ordinal: answer.ordinal, workerId });
    },
  });
};

const release: Plan = (world, [a]) => {
  const slot = choose(world.slots, a);
  if (slot === undefined) return null;
  return operation({
    label: `${slot.workerId} gives back slot ${slot.ordinal} of ${slot.backendId}`,
    run: () => releaseSlot(world.stores.database, slot),
    expect: (state) => state.releaseSlot(slot),
    gist: () => undefined,
  });
};

const pause: Plan = (world, [a]) => {
  const paused = a % 3 === 0;
  return operation({
    label: paused ? "pause" : "resume",
    run: () => setPaused(world.stores.database, paused),
    expect: (state) => {
      state.isPaused = paused;
    },
    gist: () => undefined,
  });
};

const drain: Plan = (world, [a, b]) => {
  const backendId = choose(backendIds, a) ?? "b1";
  const draining = b % 3 === 0;
  return operation({
    label: `${draining ? "drain" : "resume"} ${backendId}`,
    run: () => setBackendDraining(world.stores.database, { backendId, draining }),
    expect: (state) => state.drain(backendId, draining),
    gist: (answer) => answer,
  });
};

const report: Plan = (world, [a, b]) => {
  const backendId = choose(backendIds, a) ?? "b1";
  return reportBackend(world, backendId, b % 4 > 0);
};

/** A worker stores what it sees of a backend. */
export function reportBackend(world: World, backendId: keyof typeof backends, reachable: boolean): Operation {
  const { catalog, catalogHash } = backends[backendId];
  const facts = { backendId, url: `http://${backendId}`, workerId: "w1", version: null, stats: null };
  return operation({
    label: `${backendId} is ${reachable ? "up" : "down"}`,
    run: () =>
      upsertBackend(world.stores.database, { ...facts, state: reachable ? "up" : "down", catalog, catalogHash }),
    expect: (state) => state.reportBackend(backendId, reachable),
    gist: () => undefined,
  });
}

/** The operations by name, each with how often it comes up. */
export const operations = {
  submit: [submit, 6],
  claimTaken: [claimTaken, 9],
  claimAny: [claimAny, 4],
  dispatch: [dispatch, 6],
  close: [close, 1],
  lookThrough: [lookThrough, 1],
  stage: [stage, 2],
  output: [output, 2],
  settle: [settle, 7],
  cancel: [cancel, 3],
  cancelBatch: [cancelBatch, 1],
  beat: [beat, 4],
  acquire: [acquire, 2],
  release: [release, 1],
  pause: [pause, 1],
  drain: [drain, 1],
  report: [report, 3],
} as const satisfies Record<string, readonly [Plan, number]>;
