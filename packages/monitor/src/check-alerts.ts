import { type Alert, newId } from "@darkroom/contracts";
import { alertFacts, changeAlerts, type Database, isTransient, leadsAlertCheck, storeEndedAlert } from "@darkroom/db";
import type { Instances, Publisher, RedisMemory, Topics } from "@darkroom/queue";
import { type AlertFacts, rules } from "./alert-rules.ts";
import { decideAlerts } from "./decide-alerts.ts";
import type { Log } from "./log.ts";

export interface AlertParts {
  readonly instanceId: string;
  readonly database: Database;
  readonly instances: Pick<Instances, "list">;
  readonly topics: Pick<Topics, "since" | "takeTurn">;
  readonly publisher: Pick<Publisher, "publishAlert">;
  readonly redisMemory: () => Promise<RedisMemory>;
  readonly log: Log;
}

/** How far back the estimates of runs are looked at. */
const ESTIMATES_MS = 10 * 60_000;
/** Postgres has to be away for so long before anybody is told: a restart is shorter. */
const OUTAGE_MS = 10_000;
/** One process tells of an outage; another takes over after this long, should that one be gone. */
const OUTAGE_TURN_MS = 60_000;

/** Looks for alerts; any number of processes may, and one of them does in each `everySeconds`. */
export function createAlertCheck(parts: AlertParts): (everySeconds: number) => Promise<void> {
  const outage = createOutageWatch(parts);
  return async (everySeconds) => {
    try {
      if (!(await leadsAlertCheck(parts.database, everySeconds))) return await outage.isOver();
      const facts = await gather(parts);
      const { raised, cleared } = await changeAlerts(parts.database, (open, now) => decideAlerts(facts, open, now));
      for (const alert of raised) await tell(parts, "raised", alert);
      for (const alert of cleared) await tell(parts, "cleared", alert);
      await outage.isOver();
    } catch (error) {
      if (isTransient(error)) await outage.isOn();
      throw error;
    }
  };
}

async function gather({ database, instances, topics, redisMemory }: AlertParts): Promise<AlertFacts> {
  const startedAt = performance.now();
  const stored = await alertFacts(database);
  const postgresMs = performance.now() - startedAt;
  const orNull = <Value>(work: Promise<Value>): Promise<Value | null> => work.catch(() => null);
  const [listed, redis, measured] = await Promise.all([
    orNull(instances.list()),
    orNull(redisMemory()),
    orNull(topics.since("metrics", Date.now() - ESTIMATES_MS)),
  ]);
  return {
    ...{ stored, postgresMs, redis },
    instances: listed?.map(({ report }) => report) ?? null,
    estimateErrors:
      measured?.flatMap((metric) => (metric.type === "job.measured" ? (metric.estimateError ?? []) : [])) ?? null,
  };
}

/** To the log and to operators. What is silenced is kept, and nobody is told. */
async function tell({ publisher, log }: AlertParts, change: "raised" | "cleared", alert: Alert): Promise<void> {
  if (alert.silencedUntil !== null) return;
  const { alertId, rule, subject, severity, value } = alert;
  log.warn({ alertId, rule, subject, severity, value }, `alert ${change}: ${alert.message}`);
  await publisher.publishAlert({ change, alert });
}

/**
 * While Postgres is away nothing can be stored, and nobody leads. One process, chosen by Redis, then tells operators all the
 * same, and stores the alert when Postgres is back.
 */
function createOutageWatch(parts: AlertParts): { isOn(): Promise<void>; isOver(): Promise<void> } {
  let since: number | null = null;
  let told: Alert | null = null;
  return {
    isOn: async () => {
      since ??= Date.now();
      if (told !== null || Date.now() - since < OUTAGE_MS) return;
      const isOurs = await parts.topics.takeTurn("outage", parts.instanceId, OUTAGE_TURN_MS).catch(() => true);
      if (!isOurs) return;
      const { rule, severity } = rules.find((one) => one.rule === "postgres-degraded") ?? noRule();
      told = {
        ...{ alertId: newId(), rule, subject: "", severity, value: Date.now() - since },
        message: "Postgres does not answer. What runs goes on; nothing new is taken or shown.",
        raisedAt: new Date().toISOString(),
        ...{ clearedAt: null, acknowledgedAt: null, acknowledgedBy: null, silencedUntil: null },
      };
      await tell(parts, "raised", told);
    },
    isOver: async () => {
      since = null;
      if (told === null) return;
      const cleared = { ...told, clearedAt: new Date().toISOString() };
      told = null;
      await storeEndedAlert(parts.database, cleared);
      await tell(parts, "cleared", cleared);
    },
  };
}

function noRule(): never {
  throw new Error("every alert has a rule");
}
