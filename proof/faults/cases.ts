import type { Failpoint, FailpointKind } from "@darkroom/contracts";
import type { Scenario } from "./scenarios.ts";

/** One run: at most one failpoint of one process in one course of events. */
export interface FaultCase {
  readonly scenario: Scenario;
  /** Null where the scenario itself is the fault. */
  readonly fault: Fault | null;
}

export interface Fault {
  readonly point: Failpoint;
  readonly kind: FailpointKind;
  readonly nth: number;
}

/** Longer than the lease, so that what waits loses it where nobody renews. */
const DELAY_MS = 1500;

/** As `DARKROOM_FAILPOINT` takes it. */
export function textOf({ point, kind, nth }: Fault): string {
  return `${point}:${kind === "delay" ? `delay=${DELAY_MS}` : kind}@${nth}`;
}

const kinds: readonly FailpointKind[] = ["crash", "error", "reset", "delay"];

type Passed = Failpoint | readonly [Failpoint, readonly number[]];

/** From the queue to ComfyUI, when the second job comes by. */
const secondJobSent: readonly Passed[] = [
  ["take.taken", [2]],
  ["claim.committed", [2]],
  ["claim.registered", [2]],
  ["inputs.uploaded", [2]],
  ["dispatch.recorded", [2]],
  ["dispatch.posted", [2]],
];

/** Where each scenario passes by. A point may be listed more than once, with the time at which it acts. */
const passed: Readonly<Partial<Record<Scenario, readonly Passed[]>>> = {
  plain: [
    ["transaction.committing", [1, 4, 7]],
    ["transaction.committed", [1, 4, 7]],
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
    ["heartbeat.due", [2]],
    ["heartbeat.answered", [2]],
    ["maintenance.due", [2]],
    ["maintenance.committed", [2]],
    ["maintenance.pushed", [2]],
    ["publish.due", [1, 4]],
    ["publish.sent", [1, 4]],
  ],
  // At the time at which the other worker is there: with the first job's end, and with the second job.
  beside: [
    ...secondJobSent,
    ["run.begun", [2]],
    "follow.ended",
    "collect.stored",
    "collect.recorded",
    "settle.begun",
    "settle.committed",
    ["heartbeat.due", [6]],
    ["maintenance.committed", [6]],
  ],
  adoption: ["sweep.read", "adopt.located", "follow.ended", "settle.committed"],
  flush: ["maintenance.rebuilding"],
  shutdown: ["shutdown.begun", "shutdown.drained", "slot.releasing"],
  canceling: ["follow.looking", "settle.begun", "settle.committed", "settle.closed"],
  // What both jobs pass by, at the second's time.
  next: [
    "next.granted",
    ["take.taken", [2]],
    ["claim.committed", [2]],
    ["claim.registered", [2]],
    ["inputs.uploaded", [2]],
    ["graph.compiled", [2]],
    ["dispatch.recorded", [2]],
    ["dispatch.posted", [2]],
    "next.told",
    ["run.begun", [2]],
    ["run.recorded", [2]],
  ],
  "next canceled": [...secondJobSent, "next.told", "settle.begun", "settle.committed", "settle.closed"],
  "next leaving": ["next.withdrawn", "settle.closed", "settle.committed", "settle.requeued"],
  "next let go": ["next.withdrawn", "settle.requeued"],
  gateway: [
    "submit.prepared",
    "submit.committed",
    "submit.enqueued",
    "submit.told",
    "transaction.committing",
    "transaction.committed",
    "publish.due",
    "publish.sent",
    "hub.reading",
    "hub.read",
  ],
  "gateway cancel": ["cancel.committed", "cancel.told"],
};

/** Where a worker is stopped, as by a laptop's lid, for longer than its lease. */
const stops: readonly Failpoint[] = [
  "claim.committed",
  "dispatch.recorded",
  "dispatch.posted",
  "follow.looking",
  "follow.ended",
  "collect.stored",
  "collect.recorded",
  "settle.begun",
  "settle.committed",
  "heartbeat.due",
  "publish.due",
  "slot.acquired",
];

/** The same, while the second job is handed over to wait behind the first; each with the time at which it is the second's. */
const stopsOfNext: readonly (readonly [Failpoint, number])[] = [
  ["claim.committed", 2],
  ["dispatch.recorded", 2],
  ["dispatch.posted", 2],
  ["next.told", 1],
  ["run.begun", 2],
  ["run.recorded", 2],
];

const outages = ["postgres cut", "redis away", "rolling deploy"] as const satisfies Scenario[];

/** Every point of every scenario with every kind, every place to be stopped at, and every outage. */
export function allCases(): FaultCase[] {
  const swept = Object.entries(passed).flatMap(([scenario, points]) =>
    points.flatMap((entry) => {
      const [point, times] = typeof entry === "string" ? [entry, [1]] : entry;
      return times.flatMap((nth) =>
        kinds.map((kind): FaultCase => ({ scenario: scenario as Scenario, fault: { point, kind, nth } })),
      );
    }),
  );
  const stopped = [
    ...stops.map(stopAt),
    ...stopsOfNext.map(
      ([point, nth]): FaultCase => ({ scenario: "next stopped", fault: { point, kind: "delay", nth } }),
    ),
  ];
  return [...swept, ...stopped, ...outages.map((scenario) => ({ scenario, fault: null }))];
}

const crashAt = (scenario: Scenario, point: Failpoint): FaultCase => ({
  scenario,
  fault: { point, kind: "crash", nth: 1 },
});
const resetAt = (scenario: Scenario, point: Failpoint): FaultCase => ({
  scenario,
  fault: { point, kind: "reset", nth: 1 },
});
const stopAt = (point: Failpoint): FaultCase => ({ scenario: "stopped", fault: { point, kind: "delay", nth: 1 } });

/** One for each row of the fault table: what a naive build gets wrong between these two steps. */
export const tellingCases: readonly FaultCase[] = [
  // Taken, and gone from Redis.
  crashAt("plain", "take.taken"),
  // Claimed, and nobody runs it.
  crashAt("plain", "claim.committed"),
  // Recorded, and perhaps never sent; sent, and perhaps sent again.
  crashAt("plain", "dispatch.recorded"),
  crashAt("plain", "dispatch.posted"),
  // Finished on ComfyUI, and nothing stored; stored, and not recorded.
  crashAt("plain", "follow.ended"),
  crashAt("plain", "collect.stored"),
  // Settled, and nobody told.
  crashAt("plain", "settle.committed"),
  // An unknown commit: the settlement's, whose answer is lost.
  resetAt("plain", "settle.committed"),
  { scenario: "plain", fault: { point: "transaction.committed", kind: "reset", nth: 7 } },
  // Late heartbeats: the lease is lost while the job runs.
  { scenario: "plain", fault: { point: "heartbeat.due", kind: "delay", nth: 3 } },
  // Half a tick of maintenance.
  crashAt("plain", "maintenance.committed"),
  // Another worker stands by at the same backend, and so does the successor of the one that dies.
  crashAt("beside", "follow.ended"),
  // The adopter dies as well.
  crashAt("adoption", "adopt.located"),
  crashAt("flush", "maintenance.rebuilding"),
  crashAt("shutdown", "shutdown.begun"),
  crashAt("canceling", "settle.begun"),
  // Handed over to ComfyUI while another runs, and nobody follows either of them.
  crashAt("next", "next.told"),
  crashAt("gateway", "submit.committed"),
  resetAt("gateway", "submit.committed"),
  crashAt("gateway cancel", "cancel.committed"),
  // Stopped for longer than its lease: what it does afterwards must change nothing.
  stopAt("dispatch.recorded"),
  stopAt("settle.begun"),
  // The rolling deploy takes too long for every test run.
  { scenario: "postgres cut", fault: null },
  { scenario: "redis away", fault: null },
];
