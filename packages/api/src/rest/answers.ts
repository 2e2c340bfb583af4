import {
  jobStates as allStates,
  apiKeyScopes,
  customEventTypeSchema,
  durableEventTypes,
  EXTENSIBLE,
  errorCodes,
  failureSchema,
  graphSchema,
  imageInputSchema,
  jobEventSchema,
  jobPrioritySchema,
  jobStageSchema,
  jobStages,
  jobStateSchema,
  missingOutputSchema,
  outputSchema,
  parameterSchema,
  reportReasons,
  roles,
  sharedFacts,
  usualStates,
} from "@darkroom/contracts";
import { z } from "zod";

// What REST answers, as schemas. The table of operations compares each with its procedure's type, both ways, so that neither
// can change alone. Procedures do not check their answers against these: that would cost every call for what the types say.

/** The schemas that have a name in the document. */
export const components = z.registry<{ id: string }>();

function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  components.add(schema, { id });
  return schema;
}

const time = z.iso.datetime({ offset: true });

const pageOf = <Item extends z.ZodType>(id: string, item: Item) =>
  named(id, z.object({ items: z.array(item), nextCursor: z.string().nullable() }));

/** The one shape of every refusal. */
export const errorAnswer = named(
  "Error",
  z.object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
      retryAfterSeconds: z.number().optional(),
      requestId: z.string(),
    }),
  }),
);

export const output = named("Output", outputSchema);
export const failure = named("Failure", failureSchema);
export const jobEvent = named("JobEvent", jobEventSchema);
const inputValue = z.union([z.string(), z.number(), z.boolean(), imageInputSchema]);
const seconds = z.number().nullable();
const secondsRange = z.tuple([z.number(), z.number()]).nullable();
const workflowRef = z.object({
  workflowId: z.string(),
  slug: z.string(),
  name: z.string(),
  version: z.int(),
});

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

const shareView = {
  url: z.string().nullable(),
  pageUrl: z.string().nullable(),
  facts: z.array(z.enum(sharedFacts)),
  isPublished: z.boolean(),
};

export const jobViewers = named(
  "JobViewers",
  z.object({
    others: z.array(z.object({ ownerId: z.string(), displayName: z.string().nullable(), isOwner: z.boolean() })),
  }),
);

export const libraryOutput = named(
  "LibraryOutput",
  outputSchema.extend({
    createdAt: time,
    workflow: z.string(),
    prompt: z.string().nullable(),
    share: z.object(shareView).nullable(),
    hidden: z.object({ reason: z.string().nullable() }).nullable(),
  }),
);
export const outputPage = pageOf("OutputPage", libraryOutput);
export const shared = named("Shared", z.object({ outputId: z.string(), ...shareView }));
export const sharedPicture = named(
  "SharedPicture",
  z.object({
    token: z.string(),
    url: z.string(),
    pageUrl: z.string(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    prompt: z.string().nullable(),
    seed: z.int().nullable(),
    settings: z
      .object({ workflow: z.object({ slug: z.string(), name: z.string() }), inputs: z.record(z.string(), inputValue) })
      .nullable(),
    by: z.string().nullable(),
    publishedAt: time.nullable(),
    isOwn: z.boolean(),
    moderation: z
      .object({
        outputId: z.string(),
        ownerId: z.string(),
        reports: z.int(),
        reasons: z.array(z.enum(reportReasons)),
        hiddenAt: time.nullable(),
        hiddenReason: z.string().nullable(),
      })
      .nullable(),
  }),
);
export const sharedPicturePage = pageOf("SharedPicturePage", sharedPicture);
export const reported = named("Reported", z.object({ reported: z.literal(true) }));
export const favorite = named("Favorite", z.object({ outputId: z.string(), favorite: z.boolean() }));
export const removedOutput = named("RemovedOutput", z.object({ outputId: z.string(), removed: z.literal(true) }));

const upload = {
  uploadId: z.string(),
  mimeType: z.string(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  sizeBytes: z.int(),
};
/** The answer to an upload, which is no procedure. */
export const uploaded = named("Uploaded", z.object(upload));
export const uploadPage = pageOf(
  "UploadPage",
  z.object({
    ...upload,
    createdAt: time,
    expiresAt: time.nullable(),
    url: z.string(),
    thumbnailUrl: z.string().nullable(),
  }),
);
export const removedUpload = named("RemovedUpload", z.object({ uploadId: z.string(), removed: z.literal(true) }));

const workflow = {
  workflowId: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.int(),
  published: z.boolean(),
  archived: z.boolean(),
  latestVersion: z.int().exactOptional(),
};
const choices = z.array(z.union([z.string(), z.number(), z.boolean()]));
const file = z.object({
  name: z.string(),
  kind: z.enum(["image", "mask", "video", "audio", "3d"]),
  required: z.boolean(),
});
export const workflowPage = pageOf(
  "WorkflowPage",
  z.object({ ...workflow, files: z.array(file), canRun: z.boolean() }),
);
export const workflowDetail = named(
  "Workflow",
  z.object({
    ...workflow,
    parameters: z.array(z.intersection(parameterSchema, z.object({ choices: choices.exactOptional() }))),
    timeoutSeconds: z.number().nullable(),
    lacks: z.array(z.string()),
  }),
);
export const workflowVersions = pageOf(
  "WorkflowVersionPage",
  z.object({
    version: z.int(),
    createdAt: time,
    current: z.boolean(),
    publishedAt: time.nullable(),
    note: z.string().nullable(),
    createdBy: z.string().nullable(),
    publishedBy: z.string().nullable(),
    accepted: z.array(z.string()),
  }),
);

const scopes = z.array(z.enum(apiKeyScopes));
const apiKey = {
  apiKeyId: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes,
  createdAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
};
export const apiKeyPage = pageOf("ApiKeyPage", z.object(apiKey));
export const createdApiKey = named("CreatedApiKey", z.object({ ...apiKey, key: z.string() }));
export const revokedApiKey = named("RevokedApiKey", z.object({ apiKeyId: z.string(), revoked: z.literal(true) }));

/** More types of event may be added at any time. */
const eventType = z.union([z.enum(durableEventTypes), customEventTypeSchema]).meta({
  [EXTENSIBLE]: true,
  description: "A type of event: one of ours, of which more may come, or one that a service added.",
});

export const publishedEvent = named(
  "PublishedEvent",
  z.object({ eventId: z.string(), type: customEventTypeSchema, durable: z.boolean(), at: time }),
);

export const pushSubscribed = named("PushSubscribed", z.object({ subscribed: z.literal(true) }));
export const pushUnsubscribed = named("PushUnsubscribed", z.object({ removed: z.boolean() }));

const webhook = {
  webhookId: z.string(),
  url: z.string(),
  events: z.array(eventType).nullable(),
  workflows: z.array(z.string()).nullable(),
  enabled: z.boolean(),
  createdAt: time,
};
export const webhookPage = pageOf("WebhookPage", z.object(webhook));
export const webhookWithSecret = named("WebhookWithSecret", z.object({ ...webhook, secret: z.string().nullable() }));
export const removedWebhook = named("RemovedWebhook", z.object({ webhookId: z.string(), removed: z.literal(true) }));
export const deliveryPage = pageOf(
  "DeliveryPage",
  z.object({
    deliveryId: z.string(),
    webhookId: z.string(),
    jobId: z.string().nullable(),
    type: eventType,
    state: z.enum(["waiting", "delivered", "failed"]),
    attempts: z.int(),
    createdAt: time,
    nextAt: time.nullable(),
    sentAt: time.nullable(),
    request: z.string().nullable(),
    status: z.int().nullable(),
    answer: z.string().nullable(),
    latencyMs: z.int().nullable(),
  }),
);
export const redelivery = named("Redelivery", z.object({ deliveryId: z.string(), state: z.literal("waiting") }));

export const session = named(
  "Session",
  z.object({
    kind: z.enum(["guest", "account", "apiKey"]),
    ownerId: z.string(),
    role: z.enum(roles),
    displayName: z.string().nullable(),
    scopes,
    isNew: z.boolean(),
    limits: z.object({ submitsPerMinute: z.int(), generationsPerHour: z.int(), maxWaitingPerOwner: z.int() }),
  }),
);
const limitUsage = z.object({ used: z.int(), most: z.int() });
export const accountUsage = named(
  "Usage",
  z.object({ submitsPerMinute: limitUsage, generationsPerHour: limitUsage, waiting: limitUsage }),
);
export const accountExport = named("Export", z.object({ url: z.string() }));
export const removedAccount = named("RemovedAccount", z.object({ ownerId: z.string(), removed: z.literal(true) }));
export const systemInfo = named(
  "System",
  z.object({
    name: z.literal("darkroom"),
    version: z.string(),
    backends: z.object({ live: z.int(), known: z.int() }),
    simulator: z.boolean(),
    paused: z.boolean(),
    notice: z.object({ message: z.string(), since: time }).nullable().describe("What operators tell everyone now."),
    entrances: z.object({
      guests: z.boolean(),
      signUp: z.boolean(),
      accounts: z.boolean(),
      gallery: z.boolean(),
    }),
    signIn: z.object({ mail: z.boolean(), provider: z.string().nullable() }),
    push: z.object({ publicKey: z.string() }).describe("By which browsers know the messages of this installation."),
    maxFileBytes: z.object({ image: z.int(), video: z.int(), audio: z.int(), "3d": z.int() }),
  }),
);
export const pong = named("Pong", z.object({ message: z.string(), echo: z.string().nullable(), at: time }));

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
