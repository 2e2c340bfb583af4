import * as z from "zod";
import { alertSchema } from "../monitor/alert.ts";
import { type CustomEvent, customEventSchema } from "./custom-event.ts";
import { failureSchema } from "./failure.ts";
import { jobStageSchema } from "./job-schemas.ts";
import { missingOutputSchema, outputSchema } from "./output.ts";

const timestamp = z.iso.datetime({ offset: true });

/** What every event of one job carries. */
const ofJob = {
  jobId: z.string(),
  /** Raised by one with each durable event of the job; a transient event carries the last one its sender knew. */
  version: z.number().int().nonnegative(),
  /** The attempt that produced it; 0 before the first claim. */
  attempt: z.number().int().nonnegative(),
  /** When it happened, by the database's clock. */
  at: timestamp,
};

/**
 * How ComfyUI gave up a prompt that had to end, by its own account:
 *
 * - `removed`: it holds the prompt no longer, and did not run it to an end;
 * - `interrupted`: it stopped the run;
 * - `freed`: it stopped the run once it was told to free its memory too;
 * - `stuck`: it did not stop, so the backend gets nothing until it has;
 * - `unreachable`: it answered nothing any more.
 */
export const stoppedSchema = z.enum(["removed", "interrupted", "freed", "stuck", "unreachable"]);
export type Stopped = z.infer<typeof stoppedSchema>;

/** Stored in `job_events` in the transaction that changes the job; delivered once and in order to every subscriber. */
export const durableEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("job.queued"), ...ofJob, workflow: z.string(), batchId: z.string().nullable() }),
  /**
   * `runStartedAt`, here and below: when the run of an adopted prompt began; absent unless that was under an earlier attempt.
   * `backend` is null where it is told to a guest, who must not learn the addresses of servers.
   */
  z.object({
    type: z.literal("job.started"),
    ...ofJob,
    backend: z.string().nullable(),
    runStartedAt: timestamp.optional(),
  }),
  z.object({ type: z.literal("job.staged"), ...ofJob, stage: jobStageSchema, runStartedAt: timestamp.optional() }),
  z.object({ type: z.literal("output.created"), ...ofJob, output: outputSchema }),
  /**
   * Back in the queue:
   *
   * - `failure`: it failed, and another try is to come;
   * - `lease-expired`: its worker was lost;
   * - `released`: its worker gave it back unharmed, for example when it shut down;
   * - `prompt-lost`: the backend answers, and does not know the prompt any more;
   * - `backend-gone`: the backend's process is gone, and its queue with it: whoever is free runs the job;
   * - `backend-silent`: the backend answers nothing: for ten seconds the job waits for it to come back with the prompt.
   */
  z.object({
    type: z.literal("job.retried"),
    ...ofJob,
    reason: z.enum(["failure", "lease-expired", "released", "prompt-lost", "backend-gone", "backend-silent"]),
    failure: failureSchema.nullable(),
    /** Not before this time. */
    runAfter: timestamp,
  }),
  z.object({ type: z.literal("job.canceling"), ...ofJob }),
  /**
   * `outputs`: all that `output.created` told of this attempt; events from before they were told here do not say.
   * `missingOutputs` is absent if every output node made something.
   */
  z.object({
    type: z.literal("job.succeeded"),
    ...ofJob,
    durationSeconds: z.number(),
    outputs: z.array(outputSchema).optional(),
    missingOutputs: z.array(missingOutputSchema).optional(),
  }),
  z.object({ type: z.literal("job.failed"), ...ofJob, failure: failureSchema }),
  /**
   * `stopped` is absent if nothing of the job was on a backend; `savedSeconds`, what its run would probably still have
   * taken, if it had not begun, was not seen to stop, or nothing is known of jobs like it.
   */
  z.object({
    type: z.literal("job.canceled"),
    ...ofJob,
    stopped: stoppedSchema.optional(),
    savedSeconds: z.number().optional(),
  }),
  /** One file of a job that has ended is gone. */
  z.object({ type: z.literal("output.removed"), ...ofJob, outputId: z.string() }),
  /** Its owner marked or unmarked one file of a job that has ended. */
  z.object({ type: z.literal("output.favorited"), ...ofJob, outputId: z.string(), favorite: z.boolean() }),
  /** A job that had ended is gone, with its inputs and outputs. Its last event. */
  z.object({ type: z.literal("job.removed"), ...ofJob }),
  /** Told to operators whose webhooks ask for it: something needs a look, or is over. */
  z.object({ type: z.literal("alert.raised"), at: timestamp, alert: alertSchema }),
  z.object({ type: z.literal("alert.cleared"), at: timestamp, alert: alertSchema }),
  z.object({
    type: z.literal("batch.settled"),
    batchId: z.string(),
    at: timestamp,
    counts: z.object({ succeeded: z.number().int(), failed: z.number().int(), canceled: z.number().int() }),
  }),
]);
export type DurableEvent = z.infer<typeof durableEventSchema>;
/** One that is about one job. */
export type DurableJobEvent = Extract<DurableEvent, { readonly jobId: string }>;
export type DurableEventType = DurableEvent["type"];
export const durableEventTypes: readonly DurableEventType[] = durableEventSchema.options.map(
  ({ shape }) => shape.type.value,
);

/** Latest wins; at most ten a second per job on the wire; lost without harm. */
export const transientEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("job.progressed"),
    ...ofJob,
    /** Percent, 0–100; never falls within an attempt. */
    progress: z.number().min(0).max(100),
    stage: jobStageSchema,
    /** One line for people: `Step 7/20`, `Loading model`. */
    message: z.string(),
    step: z.number().int().nullable(),
    steps: z.number().int().nullable(),
    node: z.string().nullable(),
    nodeTitle: z.string().nullable(),
    nodesDone: z.number().int(),
    nodesTotal: z.number().int(),
    /** Seconds until the job ends, by what is known now; null when nothing is. */
    etaSeconds: z.number().nullable(),
  }),
  /** The picture itself is at `url` (JPEG, at most 64 KB). */
  z.object({ type: z.literal("job.previewed"), ...ofJob, url: z.string() }),
  z.object({
    type: z.literal("job.positioned"),
    ...ofJob,
    /** How many jobs start before this one; 0 is next. */
    position: z.number().int().nonnegative(),
    /** Seconds until it starts, and until it ends; null when nothing is known of jobs like it. */
    waitSeconds: z.number().nullable(),
    etaSeconds: z.number().nullable(),
    /** Nine times in ten it ends between these seconds from now; null when too little is known to say so. */
    etaRangeSeconds: z.tuple([z.number(), z.number()]).nullable().optional(),
    /** Why it waits, in words; null when it simply waits its turn. */
    waitReason: z.string().nullable().optional(),
  }),
]);
export type TransientEvent = z.infer<typeof transientEventSchema>;

/** What an owner's feed keeps: what happened to their jobs, and what services added. */
export const feedEventSchema = z.union([durableEventSchema, customEventSchema]);
export type FeedEvent = DurableEvent | CustomEvent;

export const jobEventSchema = z.union([durableEventSchema, transientEventSchema, customEventSchema]);
export type JobEvent = DurableEvent | TransientEvent | CustomEvent;

/** A durable event with its place in its owner's feed. `ownerSeq` has no gaps: it counts 1, 2, 3 … per owner. */
export const ownedEventSchema = z.object({
  ownerId: z.string(),
  ownerSeq: z.number().int().positive(),
  event: feedEventSchema,
});
export type OwnedEvent = z.infer<typeof ownedEventSchema>;

/** A transient event on its way from the worker, or from a service, to the hubs. */
export const ownedTransientSchema = z.object({
  ownerId: z.string(),
  event: z.union([transientEventSchema, customEventSchema]),
});
export type OwnedTransient = z.infer<typeof ownedTransientSchema>;
