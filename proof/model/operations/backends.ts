import { acquireSlot, closeDispatch, openDispatches, releaseSlot, upsertBackend } from "@darkroom/db";
import { leaseSeconds } from "../settings.ts";
import { backendIds, backends, choose, type World, workerIds } from "../world.ts";
import { type Operation, operation, type Plan } from "./operation.ts";

// What workers do to backends: hold their slots, look through their prompts, and say how they are.

export const acquire: Plan = (world, [a, b, c]) => {
  const [backendId = "b1", workerId = ""] = [choose(backendIds, a), choose(workerIds, b)];
  const kind = c % 3 === 0 ? "next" : "run";
  const wish = { backendId, workerId, concurrency: backends[backendId].concurrency, kind } as const;
  return operation({
    label: `${workerId} asks for a slot of kind ${kind} of ${backendId}`,
    run: () => acquireSlot(world.stores.database, { ...wish, leaseSeconds }),
    expect: (state) => state.acquireSlot(wish),
    predictable: (answer) => answer?.ordinal ?? null,
    follow: (answer) => {
      if (answer !== null) world.slots.push({ backendId, ordinal: answer.ordinal, workerId });
    },
  });
};

export const release: Plan = (world, [a]) => {
  const slot = choose(world.slots, a);
  if (slot === undefined) return null;
  return operation({
    label: `${slot.workerId} gives back slot ${slot.ordinal} of ${slot.backendId}`,
    run: () => releaseSlot(world.stores.database, slot),
    expect: (state) => state.releaseSlot(slot),
    predictable: () => undefined,
  });
};

export const close: Plan = (world, [a]) => {
  const promptId = choose(world.promptIds, a);
  if (promptId === undefined) return null;
  return operation({
    label: `close ${promptId}`,
    run: () => closeDispatch(world.stores.database, { promptId }),
    expect: (state) => state.closeDispatch(promptId),
    predictable: () => undefined,
  });
};

export const lookThrough: Plan = (world, [a]) => {
  const backendId = choose(backendIds, a) ?? "";
  const byPrompt = (x: unknown, y: unknown) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1);
  return operation({
    label: `look through the prompts of ${backendId}`,
    run: () => openDispatches(world.stores.database, { backendId }),
    expect: (state) => state.openDispatches(backendId).toSorted(byPrompt),
    predictable: (answer) =>
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

export const report: Plan = (world, [a, b]) => {
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
    predictable: () => undefined,
  });
}
