import type { OpenAlert } from "@darkroom/db";
import { instanceReport } from "@darkroom/queue/testing";
import { expect, test } from "vitest";
import { type AlertFacts, rules } from "./alert-rules.ts";
import { decideAlerts } from "./decide-alerts.ts";

const GB = 1024 ** 3;
const worker = instanceReport("W", { kind: "worker", worker: { running: 0, slots: 0, backends: [] } });
const well: AlertFacts = {
  stored: {
    ...{ waiting: 0, oldestWaitSeconds: 0, succeeded: 100, failed: 0, waitP95Seconds: 1 },
    backends: [{ backendId: "b1", isUp: true, isDraining: false }],
  },
  postgresMs: 5,
  instances: [worker],
  redis: { usedBytes: 1, maxBytes: 100 },
  estimateErrors: [],
};
const stored = (changes: Partial<AlertFacts["stored"]>): AlertFacts => ({
  ...well,
  stored: { ...well.stored, ...changes },
});
const resting = { running: 0, slots: 0, backends: [{ backendId: "b1", isUp: true, isResting: true }] };

/** Rule → facts that are just bad enough, and those that are between its bounds or just well. */
const faults: Record<string, { readonly bad: AlertFacts; readonly edge?: AlertFacts; readonly subject?: string }> = {
  "queue-depth": { bad: stored({ waiting: 500 }), edge: stored({ waiting: 499 }) },
  "queue-age": { bad: stored({ oldestWaitSeconds: 900 }), edge: stored({ oldestWaitSeconds: 301 }) },
  "failure-rate": { bad: stored({ succeeded: 7, failed: 3 }), edge: stored({ succeeded: 8, failed: 2 }) },
  "slow-start": { bad: stored({ waitP95Seconds: 300 }), edge: stored({ waitP95Seconds: 121 }) },
  "no-worker": { bad: { ...well, instances: [instanceReport("web")] } },
  "backend-down": {
    bad: stored({ backends: [{ backendId: "b1", isUp: false, isDraining: false }] }),
    subject: "b1",
  },
  "backend-quarantined": { bad: { ...well, instances: [{ ...worker, worker: resting }] }, subject: "b1" },
  "storage-low": {
    bad: { ...well, instances: [{ ...worker, storageFreeBytes: 2 * GB }] },
    edge: { ...well, instances: [{ ...worker, storageFreeBytes: 2.5 * GB }] },
    subject: "host",
  },
  "redis-degraded": {
    bad: { ...well, redis: { usedBytes: 90, maxBytes: 100 } },
    edge: { ...well, redis: { usedBytes: 85, maxBytes: 100 } },
  },
  "postgres-degraded": { bad: { ...well, postgresMs: 1000 }, edge: { ...well, postgresMs: 400 } },
  "estimate-error": {
    bad: { ...well, estimateErrors: Array.from({ length: 10 }, () => 1) },
    edge: { ...well, estimateErrors: Array.from({ length: 10 }, () => 0.7) },
  },
};

const open = (rule: OpenAlert["rule"], changes: Partial<OpenAlert> = {}): OpenAlert => ({
  ...{ alertId: "A", rule, subject: faults[rule]?.subject ?? "", noticedAt: 0, raisedAt: null, calmSince: null },
  ...changes,
});
const steps = (facts: AlertFacts, alerts: readonly OpenAlert[], seconds: number) =>
  decideAlerts(facts, alerts, seconds * 1000).map(({ rule, subject, to }) => [rule, subject, to]);

test("every rule has a fault that it is tried with, and nothing is wrong with what is well", () => {
  expect(Object.keys(faults)).toEqual(rules.map(({ rule }) => rule));
  expect(decideAlerts(well, [], 0)).toEqual([]);
});

test.each(rules.map((rule) => [rule.rule, rule] as const))(
  "%s is raised when it has lasted, and cleared when it is well again for long enough",
  (name, rule) => {
    const { bad, edge, subject = "" } = faults[name] ?? { bad: well };
    const { raiseAfterSeconds: after, clearAfterSeconds: clear } = rule;
    expect(steps(bad, [], 0)).toEqual([[name, subject, after === 0 ? "raise" : "notice"]]);
    if (after > 0) {
      expect(steps(bad, [open(name)], after - 1)).toEqual([]);
      expect(steps(bad, [open(name)], after)).toEqual([[name, subject, "raise"]]);
      expect(steps(well, [open(name)], after - 1)).toEqual([[name, subject, "forget"]]);
    }
    const raised = open(name, { raisedAt: 0 });
    expect(steps(bad, [raised], 9999)).toEqual([[name, subject, "worsen"]]);
    expect(steps(well, [raised], 1)).toEqual([[name, subject, "calm"]]);
    expect(steps(well, [{ ...raised, calmSince: 0 }], clear - 1)).toEqual([]);
    expect(steps(bad, [{ ...raised, calmSince: 0 }], clear)).toEqual([[name, subject, "worsen"]]);
    expect(steps(well, [{ ...raised, calmSince: 0 }], clear)).toEqual([[name, subject, "clear"]]);
    if (edge === undefined) return;
    // Between the bounds what was well stays well, and what was raised stays raised.
    expect(steps(edge, [], 0)).toEqual([]);
    expect(steps(edge, [{ ...raised, calmSince: 0 }], 9999)).toEqual([[name, subject, "worsen"]]);
  },
);

test("what could not be found out changes nothing", () => {
  const blind: AlertFacts = { ...well, instances: null, redis: null, estimateErrors: null };
  const alerts = [open("no-worker", { raisedAt: 0, calmSince: 0 }), open("storage-low", { raisedAt: 0, calmSince: 0 })];
  expect(steps(blind, alerts, 9999)).toEqual([["redis-degraded", "", "notice"]]);
});

test("too few jobs say nothing of a rate, and a draining backend is no fault", () => {
  expect(steps(stored({ succeeded: 0, failed: 9, waitP95Seconds: 9999 }), [], 0)).toEqual([]);
  expect(steps(stored({ backends: [{ backendId: "b1", isUp: false, isDraining: true }] }), [], 0)).toEqual([]);
});
