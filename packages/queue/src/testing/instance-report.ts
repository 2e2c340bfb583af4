import type { AlertChange, InstanceReport, Metric } from "@darkroom/contracts";

/** What a process with nothing to do reports. */
export function instanceReport(instanceId: string, changes: Partial<InstanceReport> = {}): InstanceReport {
  return {
    instanceId,
    kind: "web",
    host: "host",
    pid: 1,
    version: "0.1.0",
    startedAt: "2026-01-01T00:00:00.000Z",
    at: "2026-01-01T00:00:00.000Z",
    memoryBytes: 0,
    storageFreeBytes: null,
    redisReconnects: 0,
    tasks: [],
    web: null,
    worker: null,
    ...changes,
  };
}

/** The metric of such a process. */
export function instanceMetric(instanceId: string): Metric {
  return { type: "instance.measured", at: "2026-01-01T00:00:00.000Z", instance: instanceReport(instanceId) };
}

/** An alert that was raised. */
export function alertChange(alertId: string): AlertChange {
  return {
    change: "raised",
    alert: {
      alertId,
      rule: "no-worker",
      subject: "",
      severity: "critical",
      message: "No worker is alive.",
      value: 0,
      raisedAt: "2026-01-01T00:00:00.000Z",
      clearedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      silencedUntil: null,
    },
  };
}
