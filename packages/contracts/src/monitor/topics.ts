import * as z from "zod";
import { alertSchema } from "./alert.ts";
import { instanceReportSchema } from "./instance.ts";

/** What is measured somewhere and told to operators everywhere. Transient: Postgres holds what is counted of it. */
export const metricSchema = z.discriminatedUnion("type", [
  /** A job came to its end. */
  z.object({
    type: z.literal("job.measured"),
    at: z.iso.datetime({ offset: true }),
    instanceId: z.string(),
    jobId: z.string(),
    /** The id of the request that made it, as it is in every log; null if it is not known. */
    requestId: z.string().nullable().optional(),
    /** Its workflow's slug. */
    workflow: z.string(),
    backendId: z.string(),
    outcome: z.enum(["succeeded", "failed", "canceled"]),
    /** From its submit to its attempt, and from there to its end; in seconds. */
    waitSeconds: z.number(),
    runSeconds: z.number(),
    /** How far off its first estimate was, as a share of what that promised; null: nothing was promised, or it did not succeed. */
    estimateError: z.number().nullable(),
  }),
  /** A process told how it is. */
  z.object({
    type: z.literal("instance.measured"),
    at: z.iso.datetime({ offset: true }),
    instance: instanceReportSchema,
  }),
]);
export type Metric = z.infer<typeof metricSchema>;

/** What happened to an alert, and how it is since. */
export const alertChangeSchema = z.object({
  change: z.enum(["raised", "cleared", "acknowledged", "silenced"]),
  alert: alertSchema,
});
export type AlertChange = z.infer<typeof alertChangeSchema>;

/** What operators tell everyone who has a page open; null: they took it back. */
export const noticeChangeSchema = z.object({
  notice: z.object({ message: z.string(), since: z.iso.datetime({ offset: true }) }).nullable(),
});
export type NoticeChange = z.infer<typeof noticeChangeSchema>;

/**
 * The topics that every process may publish to and that reach operators on every web process, in one order; `notice` reaches
 * everybody. `overview` is the operators' view as one process made it for all; its shape is the API's.
 */
export const topicSchemas = {
  metrics: metricSchema,
  alerts: alertChangeSchema,
  notice: noticeChangeSchema,
  overview: z.record(z.string(), z.unknown()),
} as const;
export type TopicName = keyof typeof topicSchemas;
export type TopicValue<Name extends TopicName> = z.infer<(typeof topicSchemas)[Name]>;
export const topicNames = Object.keys(topicSchemas) as TopicName[];
