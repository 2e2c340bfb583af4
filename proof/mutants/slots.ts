// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is replaced is source code.

import type { Mutant } from "./mutant.ts";

const workerMain = "apps/worker/src/main.test.ts";
const savings = "apps/worker/src/slots/savings.test.ts";
const slots = "packages/db/src/attempts/heartbeat.test.ts";

/** Guarded here: who may send a backend something, and what waits there. */
export const slotsMutants: Readonly<Record<string, Mutant>> = {
  "slot-holder": {
    guard: "a slot is renewed by its holder only",
    file: "packages/db/src/attempts/heartbeat.ts",
    text: " AND s.holder = ${workerId}",
    replacement: "",
    tests: [slots],
  },
  "slot-held": {
    guard: "a slot that somebody holds is nobody else's while its lease lasts",
    file: "packages/db/src/attempts/slots.ts",
    text: "AND (holder IS NULL OR (lease_until < now() AND ${leasesExpire(tx, leaseSeconds)}))\n          AND NOT",
    replacement: "AND NOT",
    tests: [slots],
  },
  "slot-drained": {
    guard: "no slot of a draining backend is given out",
    file: "packages/db/src/attempts/slots.ts",
    text: "AND NOT EXISTS (SELECT 1 FROM backends WHERE id = ${backendId} AND draining_at IS NOT NULL)\n",
    replacement: "",
    tests: [slots],
  },
  "admit-paused": {
    guard: "nothing more is taken while the queue is paused",
    file: "packages/db/src/attempts/admission.ts",
    text: "      WHEN ${isPausedNow(sql)} THEN NULL\n",
    replacement: "",
    tests: [slots],
  },
  "admit-room": {
    guard: "the slot next takes nothing while there is room to run",
    file: "packages/db/src/attempts/admission.ts",
    text: 'kind === "run" ? "run" : null',
    replacement: '"run"',
    tests: [slots],
  },
  "admit-begun": {
    guard: "nothing more is sent to wait before all the others have begun",
    file: "packages/db/src/attempts/admission.ts",
    text: "here.waiting > 0 OR ",
    replacement: "",
    tests: [slots],
  },
  "admit-heard": {
    guard: "a prompt that its worker saw begin is not waited for until Postgres has heard",
    file: "packages/db/src/attempts/admission.ts",
    text: " AND id <> ALL (${[...begun]}::uuid[])",
    replacement: "",
    tests: [slots],
  },
  "admit-over": {
    guard: "a job whose prompt is over holds no place on its backend",
    file: "packages/db/src/attempts/admission.ts",
    text: " AND id <> ALL (${[...over]}::uuid[])",
    replacement: "",
    tests: [slots],
  },
  "saved-beside": {
    guard: "a slot goes on while its last outputs are stored",
    file: "apps/worker/src/slots/take-turn.ts",
    text: 'if (run.end.type !== "finished") return await settled',
    replacement: "return await settled",
    tests: [savings],
  },
  "saved-at-once": {
    guard: "no more is saved at once than may be",
    file: "apps/worker/src/slots/savings.ts",
    text: "      await fewerThan(SAVED_AT_ONCE);\n",
    replacement: "",
    tests: [savings],
  },
  "admit-elsewhere": {
    guard: "nothing is sent to wait that an idle backend could begin",
    file: "packages/db/src/attempts/admission.ts",
    text: "OR ${isBetterOff(sql, backendId, null)} THEN NULL",
    replacement: "THEN NULL",
    tests: [slots],
  },
  "wait-paused": {
    guard: "what waits behind another is released when the queue is paused",
    file: "packages/db/src/attempts/admission.ts",
    text: "SELECT ${isPausedNow(sql)}\n      OR",
    replacement: "SELECT",
    tests: [slots],
  },
  "wait-drained": {
    guard: "what waits behind another is released when its backend is drained",
    file: "packages/db/src/attempts/admission.ts",
    text: "OR EXISTS (SELECT 1 FROM backends WHERE id = ${backendId} AND draining_at IS NOT NULL)",
    replacement: "",
    tests: [slots],
  },
  "wait-elsewhere": {
    guard: "what waits behind another is released when an idle backend could begin it",
    file: "packages/db/src/attempts/admission.ts",
    text: "OR ${isBetterOff(sql, backendId, jobId)} AS should",
    replacement: "AS should",
    tests: [slots],
  },
  "wait-decided": {
    guard: "whether an idle backend could begin a job is worked out also for one that was sent away already",
    file: "packages/db/src/backends/capability-decisions.ts",
    text: "SELECT DISTINCT capability_key FROM jobs WHERE state IN ('queued', 'running')",
    replacement: "SELECT DISTINCT capability_key FROM jobs WHERE state = 'queued'",
    tests: [slots],
  },
  "idle-live": {
    guard: "a backend that is gone could begin nothing",
    file: "packages/db/src/attempts/admission.ts",
    text: "AND ${isLive(sql)}",
    replacement: "",
    tests: [slots],
  },
  "idle-able": {
    guard: "a backend that lacks what a job needs could not begin it",
    file: "packages/db/src/attempts/admission.ts",
    text: "AND a.lacks = '[]'::jsonb",
    replacement: "",
    tests: [slots],
  },
  "idle-free": {
    guard: "a backend whose slots all have a job is not idle",
    file: "packages/db/src/attempts/admission.ts",
    text: "> (SELECT count(*) FROM jobs j",
    replacement: "> 0 * (SELECT count(*) FROM jobs j",
    tests: [slots],
  },

  "launcher-starting": {
    guard: "a worker whose launcher dies while it starts ends",
    file: "apps/worker/src/main.ts",
    text: "let leave = (_reason: string): void => process.exit(0);",
    replacement: "let leave = (_reason: string): void => undefined;",
    tests: [workerMain],
    only: "waits for Postgres to start",
  },
  "stderr-full": {
    guard: "a worker lives on where it can write neither log nor errors",
    file: "packages/monitor/src/process-log.ts",
    text: '  process.stderr.on("error", () => undefined);\n',
    replacement: "",
    tests: [workerMain],
    only: "not even that can be said",
  },
  "log-said-once": {
    guard: "that the log cannot be written is said once a minute",
    file: "packages/monitor/src/process-log.ts",
    text: "if (isNews(cause)) ",
    replacement: "",
    tests: [workerMain],
    only: "and says so once",
  },
  "worker-failpoint": {
    guard: "a worker does not fail on purpose where that was not allowed",
    file: "apps/worker/src/env.ts",
    text: 'parsed.data.DARKROOM_ALLOW_FAILPOINTS === "false"',
    replacement: 'parsed.data.DARKROOM_ALLOW_FAILPOINTS === "true"',
    tests: [workerMain],
    only: "told to fail on purpose",
  },
  "redis-password": {
    guard: "a process does not try a wrong Redis password for ever",
    file: "packages/queue/src/redis/process-connections.ts",
    text: "!wasReady && isLoginRefused(error)",
    replacement: "wasReady && isLoginRefused(error)",
    tests: [workerMain, "apps/web/src/server/main.test.ts"],
    only: "wrong Redis password",
  },
};
