import type { Failpoint, FailpointKind } from "@darkroom/contracts";
import type { Scenario } from "./scenarios.ts";

/** One run: a failpoint of one process in one course of events. */
export interface FaultCase {
  readonly scenario: Scenario;
  readonly point: Failpoint;
  readonly kind: FailpointKind;
  readonly nth: number;
}

/** Longer than the lease, so that what waits loses it where nobody renews. */
const DELAY_MS = 1500;

/** As `DARKROOM_FAILPOINT` takes it. */
export function textOf({ point, kind, nth }: Pick<FaultCase, "point" | "kind" | "nth">): string {
  return `${point}:${kind === "delay" ? `delay=${DELAY_MS}` : kind}@${nth}`;
}

const kinds: readonly FailpointKind[] = ["crash", "error", "reset", "delay"];

/** Where each scenario passes by. A point may be listed more than once, with the time at which it acts. */
const passed: Readonly<Record<Scenario, readonly (Failpoint | readonly [Failpoint, readonly number[]])[]>> = {
  plain: [
    ["transaction.committing", [1, 2, 3, 4, 5, 6, 7, 8]],
    ["transaction.committed", [1, 2, 3, 4, 5, 6, 7, 8]],
    "slot.acquired",
    "take.taken",
    "claim.committed",
    "claim.registered",
    "inputs.uploaded",
    "dispatch.recorded",
    "dispatch.posted",
    "follow.looking",
    "follow.ended",
    "collect.stored",
    "collect.inspected",
    "collect.recorded",
    "settle.begun",
    "settle.committed",
    "settle.requeued",
    ["heartbeat.due", [1, 3]],
    ["heartbeat.answered", [1, 3]],
    ["maintenance.due", [1, 5]],
    ["maintenance.committed", [1, 5]],
    ["maintenance.pushed", [1, 5]],
    ["publish.due", [1, 3, 6]],
    ["publish.sent", [1, 3, 6]],
  ],
  adoption: ["sweep.read", "adopt.located", "follow.ended", "settle.committed"],
  flush: ["maintenance.rebuilding"],
  shutdown: ["shutdown.begun", "shutdown.drained", "slot.releasing"],
  canceling: ["follow.looking", "settle.begun", "settle.committed", "settle.closed"],
  gateway: [
    "submit.prepared",
    "submit.committed",
    "submit.enqueued",
    "submit.told",
    ["transaction.committing", [1]],
    ["transaction.committed", [1]],
    "publish.due",
    "publish.sent",
    ["hub.reading", [1, 2]],
    ["hub.read", [1, 2]],
  ],
  "gateway cancel": ["cancel.committed", "cancel.told"],
};

/** Every point of every scenario with every kind. */
export function allCases(): FaultCase[] {
  return Object.entries(passed).flatMap(([scenario, points]) =>
    points.flatMap((entry) => {
      const [point, times] = typeof entry === "string" ? [entry, [1]] : entry;
      return times.flatMap((nth) => kinds.map((kind) => ({ scenario: scenario as Scenario, point, kind, nth })));
    }),
  );
}

const crashAt = (scenario: Scenario, point: Failpoint): FaultCase => ({ scenario, point, kind: "crash", nth: 1 });
const resetAt = (scenario: Scenario, point: Failpoint): FaultCase => ({ scenario, point, kind: "reset", nth: 1 });

/** One for each row of the fault table: what a naive build gets wrong between these two steps. */
export const tellingCases: readonly FaultCase[] = [
  // Taken, and gone from Redis.
  crashAt("plain", "take.taken"),
  // Claimed, and nobody runs it.
  crashAt("plain", "claim.committed"),
  // Recorded, and perhaps never sent; sent, and perhaps sent again.
  crashAt("plain", "dispatch.recorded"),
  crashAt("plain", "dispatch.posted"),
  // Finished on ComfyUI, and nothing stored; stored, and not recorded; recorded, and not settled.
  crashAt("plain", "follow.ended"),
  crashAt("plain", "collect.stored"),
  crashAt("plain", "collect.recorded"),
  // Settled, and nobody told.
  crashAt("plain", "settle.committed"),
  // An unknown commit: the settlement's, whose answer is lost.
  resetAt("plain", "settle.committed"),
  { scenario: "plain", point: "transaction.committed", kind: "reset", nth: 7 },
  // Late heartbeats: the lease is lost while the job runs.
  { scenario: "plain", point: "heartbeat.due", kind: "delay", nth: 3 },
  // Half a tick of maintenance.
  crashAt("plain", "maintenance.committed"),
  // The adopter dies as well.
  crashAt("adoption", "adopt.located"),
  crashAt("flush", "maintenance.rebuilding"),
  crashAt("shutdown", "shutdown.begun"),
  crashAt("canceling", "settle.begun"),
  crashAt("gateway", "submit.committed"),
  resetAt("gateway", "submit.committed"),
  crashAt("gateway", "submit.enqueued"),
  crashAt("gateway cancel", "cancel.committed"),
];
