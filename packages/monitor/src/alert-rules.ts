import type { Alert, AlertRule, InstanceReport } from "@darkroom/contracts";
import type { StoredFacts } from "@darkroom/db";
import type { RedisMemory } from "@darkroom/queue";

/** What the rules look at. Null is what could not be found out; the rules that need it then leave everything as it is. */
export interface AlertFacts {
  readonly stored: StoredFacts;
  /** How long Postgres took to answer for it. */
  readonly postgresMs: number;
  /** Null: Redis does not answer, so nobody knows who lives. */
  readonly instances: readonly InstanceReport[] | null;
  readonly redis: RedisMemory | null;
  /** How far off the estimates of recent runs were, as shares of what was promised. */
  readonly estimateErrors: readonly number[] | null;
}

/** One thing that a rule has measured. */
export interface Reading {
  /** What it was measured of, where there are several; else empty. */
  readonly subject: string;
  readonly value: number;
  readonly message: string;
}

export interface Rule {
  readonly rule: AlertRule;
  readonly severity: Alert["severity"];
  /** It is bad from `raiseAt` on, and well again from `clearAt` on; between the two it stays what it was. */
  readonly raiseAt: number;
  readonly clearAt: number;
  /** It has to be bad, and well, for so long before anybody is told. */
  readonly raiseAfterSeconds: number;
  readonly clearAfterSeconds: number;
  /** What is measured now; a subject that is no longer named is well. Null: it could not be found out. */
  readonly read: (facts: AlertFacts) => readonly Reading[] | null;
}

const GB = 1024 ** 3;
/** Of fewer jobs a share says nothing. */
const ENOUGH_JOBS = 10;

const whole = (value: number, message: string): Reading[] => [{ subject: "", value, message }];
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const minutes = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Every rule with its bounds: the one place to change them. */
export const rules: readonly Rule[] = [
  {
    rule: "queue-depth",
    severity: "warning",
    raiseAt: 500,
    clearAt: 300,
    raiseAfterSeconds: 60,
    clearAfterSeconds: 60,
    read: ({ stored: { waiting } }) => whole(waiting, `${waiting} jobs wait.`),
  },
  {
    rule: "queue-age",
    severity: "warning",
    raiseAt: 900,
    clearAt: 300,
    raiseAfterSeconds: 30,
    clearAfterSeconds: 60,
    read: ({ stored: { oldestWaitSeconds } }) =>
      whole(oldestWaitSeconds, `A job has waited for ${minutes(oldestWaitSeconds)}.`),
  },
  {
    rule: "failure-rate",
    severity: "critical",
    raiseAt: 0.3,
    clearAt: 0.15,
    raiseAfterSeconds: 0,
    clearAfterSeconds: 120,
    read: ({ stored: { succeeded, failed } }) => {
      const ended = succeeded + failed;
      if (ended < ENOUGH_JOBS) return [];
      return whole(failed / ended, `${percent(failed / ended)} of ${ended} jobs failed within ten minutes.`);
    },
  },
  {
    rule: "slow-start",
    severity: "warning",
    raiseAt: 300,
    clearAt: 120,
    raiseAfterSeconds: 60,
    clearAfterSeconds: 120,
    read: ({ stored: { succeeded, failed, waitP95Seconds } }) =>
      waitP95Seconds === null || succeeded + failed < ENOUGH_JOBS
        ? []
        : whole(waitP95Seconds, `One in twenty jobs waits for ${minutes(waitP95Seconds)} or more.`),
  },
  {
    rule: "no-worker",
    severity: "critical",
    raiseAt: 1,
    clearAt: 0,
    raiseAfterSeconds: 15,
    clearAfterSeconds: 10,
    read: ({ instances }) =>
      instances && (instances.some(({ kind }) => kind === "worker") ? [] : whole(1, "No worker is alive.")),
  },
  {
    rule: "backend-down",
    severity: "critical",
    raiseAt: 1,
    clearAt: 0,
    raiseAfterSeconds: 30,
    clearAfterSeconds: 30,
    read: ({ stored: { backends } }) =>
      backends
        .filter(({ isUp, isDraining }) => !isUp && !isDraining)
        .map(({ backendId }) => ({ subject: backendId, value: 1, message: `${backendId} does not answer.` })),
  },
  {
    rule: "backend-quarantined",
    severity: "warning",
    raiseAt: 1,
    clearAt: 0,
    raiseAfterSeconds: 30,
    clearAfterSeconds: 30,
    read: ({ instances }) =>
      instances && [
        ...new Map(
          instances
            .flatMap(({ worker }) => worker?.backends ?? [])
            .filter(({ isUp, isResting }) => isUp && isResting)
            .map(({ backendId }) => [
              backendId,
              {
                subject: backendId,
                value: 1,
                message: `${backendId} answers, but its jobs come back undone: it is given nothing.`,
              },
            ]),
        ).values(),
      ],
  },
  {
    rule: "storage-low",
    severity: "critical",
    // Counted downwards: the value is what is missing of two gigabytes.
    raiseAt: 0,
    clearAt: -GB,
    raiseAfterSeconds: 30,
    clearAfterSeconds: 60,
    read: ({ instances }) =>
      instances && [
        ...new Map(
          instances.flatMap(({ host, storageFreeBytes: free }) => {
            if (free === null) return [];
            const message = `The storage on ${host} has ${(free / GB).toFixed(1)} GB left.`;
            return [[host, { subject: host, value: 2 * GB - free, message }] as const];
          }),
        ).values(),
      ],
  },
  {
    rule: "redis-degraded",
    severity: "critical",
    raiseAt: 0.9,
    clearAt: 0.8,
    raiseAfterSeconds: 10,
    clearAfterSeconds: 30,
    read: ({ redis }) => {
      if (redis === null) return whole(1, "Redis does not answer. Jobs run on; new ones start a little later.");
      const share = redis.maxBytes === null ? 0 : redis.usedBytes / redis.maxBytes;
      return whole(share, `Redis has used ${percent(share)} of its memory.`);
    },
  },
  {
    rule: "postgres-degraded",
    severity: "critical",
    raiseAt: 1000,
    clearAt: 300,
    raiseAfterSeconds: 30,
    clearAfterSeconds: 60,
    read: ({ postgresMs }) => whole(postgresMs, `Postgres takes ${(postgresMs / 1000).toFixed(1)} s to answer.`),
  },
  {
    rule: "estimate-error",
    severity: "warning",
    raiseAt: 1,
    clearAt: 0.5,
    raiseAfterSeconds: 60,
    clearAfterSeconds: 300,
    read: ({ estimateErrors }) => {
      if (estimateErrors === null || estimateErrors.length < ENOUGH_JOBS) return estimateErrors && [];
      const error = median(estimateErrors);
      return whole(error, `Half of the runs are ${percent(error)} or more off what was promised.`);
    },
  },
];
