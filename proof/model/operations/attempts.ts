import { newId } from "@darkroom/contracts";
import {
  claimJob,
  createOutput,
  heartbeat,
  recordDispatch,
  type SettledOutcome,
  settleJob,
  stageJob,
} from "@darkroom/db";
import { byJobId } from "../job-reference/tables.ts";
import { leaseSeconds } from "../settings.ts";
import { backendIds, choose, isAble, type World, workerIds } from "../world.ts";
import { type Operation, operation, type Plan } from "./operation.ts";

// What workers do to jobs, those included that lost theirs long ago.

const failure = { code: "NODE_FAILED", message: "A node failed.", retryable: true } as const;
const outcomes: readonly SettledOutcome[] = [
  { type: "succeeded" },
  { type: "failed", failure },
  { type: "retry", failure, delaySeconds: 0, infra: false },
  { type: "retry", failure, delaySeconds: 5, infra: false },
  { type: "retry", failure, delaySeconds: 0, infra: true },
  { type: "canceled" },
  { type: "released" },
  { type: "released", reason: "backend-silent" },
  { type: "backend-gone", counts: true },
  { type: "backend-gone", counts: false },
];
function claim(world: World, wish: { jobId: string; workerId: string; backendId: string; adopt: boolean }): Operation {
  return operation({
    label: `${wish.adopt ? "adopt" : "claim"} ${wish.jobId} by ${wish.workerId} for ${wish.backendId}`,
    run: () => claimJob(world.stores.database, { ...wish, leaseSeconds }),
    expect: (state) => state.claim(wish),
    predictable: (answer) => answer?.job.attempt ?? null,
    follow: async (answer) => {
      if (answer === null) return;
      const { jobId, workerId, backendId } = wish;
      world.attempts.push({ jobId, attempt: answer.job.attempt, workerId, backendId });
      if (wish.adopt) await world.begin("after adoption", (queue) => queue.remove([jobId]));
    },
  });
}

export const claimTaken: Plan = (world, [a, b]) => {
  const hand = choose(world.hands, a);
  if (hand === undefined) return null;
  world.hands = world.hands.filter((other) => other !== hand);
  const workerId = choose(workerIds, b) ?? "";
  return claim(world, { jobId: hand.entry.jobId, workerId, backendId: hand.backendId, adopt: false });
};

/** What a worker does that was given an id twice, or finds a prompt on its backend. */
export const claimAny: Plan = (world, [a, b, c]) => {
  const job = world.job(a);
  if (job === undefined) return null;
  const able = backendIds.filter((backendId) => isAble(backendId, job.capabilityKey));
  const [workerId = "", backendId = ""] = [choose(workerIds, b), choose(able, c)];
  return claim(world, { jobId: job.jobId, workerId, backendId, adopt: b % 4 > 0 });
};

export const dispatch: Plan = (world, [a]) => {
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
    predictable: (answer) => answer,
  });
};

export const stage: Plan = (world, [a, b]) => {
  const held = world.attempt(a);
  if (held === undefined) return null;
  const { jobId, attempt } = held;
  const to = choose(["loading", "sampling", "saving"] as const, b) ?? "loading";
  return operation({
    label: `stage ${jobId}#${attempt} ${to}`,
    run: () => stageJob(world.stores.database, { jobId, attempt, stage: to }),
    expect: (state) => state.stage({ jobId, attempt }, to),
    predictable: (answer) => answer?.length ?? null,
  });
};

export const output: Plan = (world, [a, b]) => {
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
    predictable: (answer) => answer?.length ?? null,
  });
};

export const settle: Plan = (world, [a, b]) => {
  const held = world.attempt(a);
  const outcome = choose(outcomes, b);
  if (held === undefined || outcome === undefined) return null;
  const { jobId, attempt } = held;
  return operation({
    label: `settle ${jobId}#${attempt} ${wordsFor(outcome)}`,
    run: () => settleJob(world.stores.database, { jobId, attempt, outcome }),
    expect: (state) => state.settle({ jobId, attempt }, outcome),
    predictable: (answer) => (answer === null ? "lost" : answer.entry),
    follow: async (answer) => {
      if (answer?.entry != null) await world.push([answer.entry], "head");
    },
  });
};

function wordsFor(outcome: SettledOutcome): string {
  if (outcome.type === "backend-gone") return `backend gone${outcome.counts ? "" : ", blameless"}`;
  if (outcome.type !== "retry") return outcome.type;
  return outcome.infra ? "prompt lost" : `retry in ${outcome.delaySeconds} s`;
}

export const beat: Plan = (world, [a, b, c]) => {
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
    predictable: (answer) => ({ ...answer, canceling: answer.canceling.toSorted(byJobId) }),
  });
};

const distinct = <Item>(items: readonly Item[]): Item[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];
