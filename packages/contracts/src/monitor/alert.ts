import * as z from "zod";

const timestamp = z.iso.datetime({ offset: true });

/** What an alert may be about. Each rule is described and given its bounds in `alert-rules.ts`. */
export const alertRules = [
  "queue-depth",
  "queue-age",
  "failure-rate",
  "slow-start",
  "no-worker",
  "backend-down",
  "backend-quarantined",
  "storage-low",
  "redis-degraded",
  "postgres-degraded",
  "estimate-error",
] as const;
export type AlertRule = (typeof alertRules)[number];

/** Something that somebody should look at, from when it was noticed until it is over. */
export const alertSchema = z.object({
  alertId: z.string(),
  rule: z.enum(alertRules),
  /** What it is about where there are several of a kind: a backend's id, a machine. Empty: the whole. */
  subject: z.string(),
  severity: z.enum(["warning", "critical"]),
  /** One sentence for people. */
  message: z.string(),
  /** What was measured last, in the unit of the rule. */
  value: z.number(),
  raisedAt: timestamp,
  /** Null while it lasts. */
  clearedAt: timestamp.nullable(),
  acknowledgedAt: timestamp.nullable(),
  /** The owner id of who acknowledged it. */
  acknowledgedBy: z.string().nullable(),
  /** Nobody is told of it until then; null: it is not silenced. */
  silencedUntil: timestamp.nullable(),
});
export type Alert = z.infer<typeof alertSchema>;
