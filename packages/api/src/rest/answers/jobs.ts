import {
  jobStates as allStates,
  EXTENSIBLE,
  failureSchema,
  graphSchema,
  jobEventSchema,
  jobPrioritySchema,
  jobStageSchema,
  jobStages,
  jobStateSchema,
  missingOutputSchema,
  outputSchema,
  positionsSchema,
  usualStates,
} from "@darkroom/contracts";
import { z } from "zod";
import { inputValue, named, pageOf, seconds, secondsRange, time, workflowRef } from "./components.ts";

export const output = named("Output", outputSchema);
export const failure = named("Failure", failureSchema);
export const jobEvent = named("JobEvent", jobEventSchema);
export const job = named(
  "Job",
  z.object({
    jobId: z.string(),
    batchId: z.string().nullable(),
    retryOf: z.string().nullable(),
    workflow: workflowRef,
    version: z.int(),
    attempt: z.int(),
    state: jobStateSchema,
    stage: jobStageSchema.nullable(),
    priority: jobPrioritySchema,
    progress: z
      .object({
        percent: z.number(),
        message: z.string(),
        step: z.int().nullable(),
        steps: z.int().nullable(),
        nodeTitle: z.string().nullable(),
        nodesDone: z.int(),
        nodesTotal: z.int(),
      })
      .nullable(),
    previewUrl: z.string().nullable(),
    position: z.int().nullable(),
    waitSeconds: seconds,
    etaSeconds: seconds,
    etaRangeSeconds: secondsRange,
    waitReason: z.string().nullable(),
    inputs: z.record(z.string(), inputValue),
    seed: z.int().nullable(),
    outputs: z.array(output),
    missingOutputs: z.array(missingOutputSchema),
    failure: failure.nullable(),
    attempts: z.int(),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    backend: z.string().nullable(),
    durations: z.object({ wait: seconds, load: seconds, sample: seconds, run: seconds }),
    savedSeconds: seconds,
    metadata: z.record(z.string(), z.unknown()).nullable(),
    requestId: z.string().nullable(),
    owner: z.object({ ownerId: z.string(), displayName: z.string().nullable() }).optional(),
  }),
);
export const jobPage = pageOf("JobPage", job);

const remaining = z.object({ submits: z.int(), generations: z.int() });
export const submitted = named(
  "Submitted",
  z.object({
    jobId: z.string().nullable(),
    state: jobStateSchema.nullable(),
    position: z.int().nullable(),
    waitSeconds: seconds,
    etaSeconds: seconds,
    etaRangeSeconds: secondsRange,
    remaining: remaining.nullable(),
    dryRun: z.boolean(),
    plan: z
      .object({
        inputs: z.record(z.string(), inputValue),
        seed: z.int().nullable(),
        warnings: z.array(z.string()),
      })
      .exactOptional(),
  }),
);
const jobStates = z.array(z.object({ jobId: z.string(), state: jobStateSchema }));
export const submittedBatch = named(
  "SubmittedBatch",
  z.object({ batchId: z.string(), jobs: jobStates, remaining: remaining.nullable() }),
);
export const canceled = named("Canceled", z.object({ jobs: jobStates }));
export const removedJobs = named(
  "RemovedJobs",
  z.union([
    z.object({ jobId: z.string(), removed: z.literal(true) }),
    z.object({
      removed: z.array(z.string()),
      refused: z.array(z.object({ jobId: z.string(), message: z.string() })),
    }),
  ]),
);
const durableEvent = jobEventSchema.options[0];
export const timeline = named(
  "Timeline",
  z.array(
    z.object({
      type: z.enum(durableEvent.options.map((option) => option.shape.type.value)).meta({ [EXTENSIBLE]: true }),
      at: time,
      attempt: z.int(),
      version: z.int(),
      requestId: z.string().nullable(),
      payload: durableEvent,
    }),
  ),
);
export const provenance = named(
  "Provenance",
  z.object({
    jobId: z.string(),
    attempt: z.int(),
    workflow: workflowRef,
    backend: z.string().nullable(),
    comfyVersion: z.string().nullable(),
    seeds: z.array(
      z.object({
        node: z.string(),
        title: z.string(),
        input: z.string(),
        value: z.union([z.number(), z.string()]),
      }),
    ),
    models: z.array(
      z.object({
        node: z.string(),
        title: z.string(),
        input: z.string(),
        file: z.string(),
        hash: z.string().nullable(),
      }),
    ),
    nodes: z.array(
      z.object({
        node: z.string(),
        title: z.string(),
        classType: z.string().nullable(),
        ms: z.number().nullable(),
        isCached: z.boolean(),
      }),
    ),
    modelLoadMs: z.number().nullable(),
    samplingMs: z.number().nullable(),
    totalMs: z.number().nullable(),
    isCold: z.boolean().nullable(),
    isWhole: z.boolean(),
    graph: graphSchema.nullable(),
    positions: positionsSchema.nullable(),
  }),
);
export const drift = named(
  "Drift",
  z.object({
    differences: z.array(
      z.object({
        kind: z.enum(["node-gone", "model-gone", "comfy-version", "workflow-version"]),
        message: z.string(),
      }),
    ),
    comparedWith: z.int(),
  }),
);

export const jobViewers = named(
  "JobViewers",
  z.object({
    others: z.array(z.object({ ownerId: z.string(), displayName: z.string().nullable(), isOwner: z.boolean() })),
  }),
);

/** Of event streams, in the shape that clients know which want one. */
export const plainProgress = named(
  "PlainProgress",
  z.object({
    type: z.literal("progress"),
    jobId: z.string(),
    userId: z.string(),
    status: z.enum(Object.values(usualStates)),
    progress: z.number(),
    stage: z.enum([...allStates, ...jobStages]),
    message: z.string(),
    estimatedRemaining: seconds,
    outputs: z.array(output),
    timestamp: time,
  }),
);
