import { ECDH } from "node:crypto";
import {
  alertRules,
  customEventTypeSchema,
  durableEventTypes,
  imageInputSchema,
  jobPrioritySchema,
  jobStateSchema,
  MAX_CUSTOM_DATA,
  workflowDefinitionSchema,
} from "@darkroom/contracts";
import { PREVIEW_SECONDS } from "@darkroom/db";
import { z } from "zod";
import { freeJson } from "./free-json.ts";
import { untilWrong } from "./until-wrong.ts";

/** Ids arrive in any case and leave in lower case. */
export const idInput = z.uuid().transform((id) => id.toLowerCase());

export const pingInput = z.strictObject({ text: z.string().max(1000).optional() }).optional();

/** The number of a workflow's version; a column of four bytes holds it. */
const versionInput = z.int().min(1).max(2_147_483_647);

/** A workflow's id or slug. */
export const workflowInput = z.string().min(1).max(100);

/** The longest text of a job. */
const MAX_TEXT = 20_000;

const jobInput = z.union([z.string().max(MAX_TEXT), z.number(), z.boolean(), imageInputSchema]);

/**
 * The values of a job's parameters; the workflow's own schema decides which are right. Null is no value: many languages
 * write an optional field that was left out like that.
 */
const jobInputs = untilWrong(z.record(z.string().max(64), jobInput.nullable())).transform((inputs) =>
  withoutNulls(inputs),
);

function withoutNulls<Value>(values: Readonly<Record<string, Value | null>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

const idempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces");

const submitOptions = {
  idempotencyKey: idempotencyKey.optional(),
  priority: jobPrioritySchema.optional(),
  metadata: freeJson(4096).optional(),
};

export const submitInput = z.strictObject({
  workflow: workflowInput,
  version: versionInput.optional(),
  inputs: jobInputs,
  ...submitOptions,
  dryRun: z.boolean().optional(),
});
export type SubmitInput = z.input<typeof submitInput>;

/** At most this many jobs in one batch: a page of a contact sheet, and well below the waiting limit of an operator. */
export const MAX_BATCH = 100;

/** As many parameters as a workflow may have. */
const MAX_SWEPT = 100;

const batchOptions = {
  ...submitOptions,
  /** A new id, or that of a batch of one's own: the jobs join it, and it settles once more. */
  batchId: idInput.optional(),
};

const batchItem = z.strictObject({
  workflow: workflowInput,
  version: versionInput.optional(),
  inputs: jobInputs,
  /** An ended job of one's own that this one repeats. */
  retryOf: idInput.optional(),
});

export const submitBatchInput = z.union([
  z.strictObject({
    items: untilWrong(z.array(batchItem).min(1).max(MAX_BATCH)),
    ...batchOptions,
  }),
  z.strictObject({
    workflow: workflowInput,
    version: versionInput.optional(),
    inputs: jobInputs,
    /** Each parameter's values; the jobs are every combination. */
    sweep: untilWrong(
      z
        .record(
          z.string().max(64),
          z
            .array(z.union([z.string(), z.number(), z.boolean()]))
            .min(1)
            .max(MAX_BATCH),
        )
        .refine((sweep) => Object.keys(sweep).length <= MAX_SWEPT, `must have at most ${MAX_SWEPT} names`),
    ),
    ...batchOptions,
  }),
]);
export type SubmitBatchInput = z.input<typeof submitBatchInput>;
/** {@link SubmitBatchInput} once it was read. */
export type SubmitBatchRequest = z.output<typeof submitBatchInput>;

export const retryInput = z.strictObject({ jobId: idInput, idempotencyKey: idempotencyKey.optional() });

export const rerunInput = z.strictObject({
  jobId: idInput,
  /** Values to change; null takes a value away, so that `seed: null` draws a new one. */
  inputs: untilWrong(z.record(z.string().max(64), jobInput.nullable())).optional(),
  idempotencyKey: idempotencyKey.optional(),
});

export const pageInput = {
  cursor: z.string().max(500).nullish(),
  limit: z.int().min(1).max(100).default(30),
  /** Which way tRPC's infinite query goes; lists only go on. */
  direction: z.literal("forward").optional(),
};

/** A period in days of UTC, both included; left out: from the month's first day, or until today. */
export const usageInput = z
  .strictObject({
    ...pageInput,
    limit: z.int().min(1).max(1000).default(100),
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
  })
  .prefault({});

export const jobListInput = z
  .strictObject({
    ...pageInput,
    state: z.union([jobStateSchema, untilWrong(z.array(jobStateSchema).min(1))]).optional(),
    workflow: workflowInput.optional(),
    batchId: idInput.optional(),
    /** True: only jobs with a favorite among their outputs. */
    favorite: z.boolean().optional(),
    /** Made at this time or later, and before that one. */
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
    /** As long as a prompt may be, so that one can be pasted whole. */
    search: z.string().min(1).max(MAX_TEXT).optional(),
    /** Operators: everyone's jobs. */
    all: z.boolean().optional(),
  })
  .prefault({});

export const deadLettersInput = z.strictObject(pageInput).prefault({});

export const jobIdsInput = z.strictObject({ jobIds: z.array(idInput).min(1).max(MAX_BATCH) });

export const cancelInput = z.union([z.strictObject({ jobId: idInput }), z.strictObject({ batchId: idInput })]);

/** One ended job, or several of which each is removed that can be. */
export const removeJobsInput = z.union([z.strictObject({ jobId: idInput }), jobIdsInput]);

/** `lastEventId` is the cursor of the last value that arrived; tRPC fills it on a reconnect. */
export const feedInput = z.strictObject({ lastEventId: z.string().max(4096).nullish() }).prefault({});
export const jobFeedInput = z.strictObject({ jobId: idInput, lastEventId: z.string().max(4096).nullish() });

/** `graph`: a graph in API format or a file of ComfyUI's editor, as text or parsed. The body's own limit bounds it. */
export const importInput = z.strictObject({
  graph: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
  name: z.string().trim().max(80).optional(),
  slug: workflowDefinitionSchema.shape.slug.optional(),
  workflow: workflowInput.optional(),
});

export const versionRef = z.strictObject({ workflow: workflowInput, version: versionInput.optional() });

export const checkInput = z.union([z.strictObject({ definition: workflowDefinitionSchema }), versionRef]);

export const saveInput = z.strictObject({
  definition: workflowDefinitionSchema,
  /** The workflow that this is a new version of, and the version it was made from; without: a new workflow. */
  workflow: workflowInput.optional(),
  basedOn: versionInput.optional(),
  note: z.string().max(500).optional(),
});

export const publishInput = z.strictObject({
  workflow: workflowInput,
  version: versionInput,
  /** Ids of the errors and breaking changes that are known and wanted. */
  accept: z.array(z.string().max(300)).max(500).default([]),
});

export const diffInput = z.strictObject({ workflow: workflowInput, from: versionInput.optional(), to: versionInput });

export const archiveInput = z.strictObject({ workflow: workflowInput, archived: z.boolean().default(true) });

export const publishEventInput = z.strictObject({
  type: customEventTypeSchema,
  data: freeJson(MAX_CUSTOM_DATA).default({}),
  /** False: passing; whoever watches now is told, and of several of a type in a tenth of a second the latest. */
  durable: z.boolean().default(true),
  /** The same id is kept once, so that a publish may be repeated. */
  eventId: idInput.optional(),
  /** Whose feed; left out: the caller's own. */
  ownerId: idInput.optional(),
});
export type PublishEventInput = z.output<typeof publishEventInput>;

/** An address that messages may be sent to. Where its name leads is checked when something is sent. */
const webhookUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .max(2000)
  .refine((text) => !/^[^/]*\/\/[^/]*@/.test(text), "must not contain a user name or password");

/** A type of event that webhooks can be told of. */
const webhookEvent = z.union([z.enum(durableEventTypes), customEventTypeSchema]);

/** More than there are of ours, with room for those that services add. */
const MAX_WEBHOOK_EVENTS = 100;

const webhookSettings = {
  events: untilWrong(
    z
      .array(webhookEvent)
      .min(1)
      .refine((events) => events.length <= MAX_WEBHOOK_EVENTS, `must have at most ${MAX_WEBHOOK_EVENTS} entries`),
  ).nullish(),
  workflows: z.array(workflowInput).min(1).max(100).nullish(),
};

export const createWebhookInput = z.strictObject({ url: webhookUrl, ...webhookSettings });

export const updateWebhookInput = z.strictObject({
  webhookId: idInput,
  url: webhookUrl.optional(),
  ...webhookSettings,
  enabled: z.boolean().optional(),
  /** True: messages are signed with a new secret from now on, which the answer shows. */
  rotateSecret: z.boolean().optional(),
});

/** Where a browser's push service takes messages for it. Where its name leads is checked when something is sent. */
const pushEndpoint = z.url({ protocol: /^https?$/, error: "must be an http or https address" }).max(2000);

/** Whether a browser's key is a point of its curve: to one that is none nothing can be written. */
function isPublicKey(text: string): boolean {
  try {
    ECDH.convertKey(text, "prime256v1", "base64url");
    return true;
  } catch {
    return false;
  }
}

/** As a browser's `PushSubscription` has it as JSON. */
export const pushSubscribeInput = z.strictObject({
  endpoint: pushEndpoint,
  keys: z.strictObject({
    p256dh: z
      .string()
      .regex(/^[\w-]{87}=?$/, "must be 65 bytes as base64url")
      .refine(isPublicKey, "must be a public key of P-256"),
    auth: z.string().regex(/^[\w-]{22}={0,2}$/, "must be 16 bytes as base64url"),
  }),
});

export const pushUnsubscribeInput = z.strictObject({ endpoint: pushEndpoint });

export const nodesInput = z.strictObject({ nodes: z.array(z.string().min(1).max(200)).min(1).max(200) });

export const metricsInput = z.strictObject({ range: z.enum(["1h", "24h", "7d"]).default("1h") }).prefault({});

export const alertListInput = z.strictObject({ ...pageInput, open: z.boolean().optional() }).prefault({});

export const acknowledgeInput = z.strictObject({ alertId: idInput });

/** `subject`: what the rule is silenced for; left out: for everything. `minutes`: 0 ends the silence. */
export const silenceInput = z.strictObject({
  rule: z.enum(alertRules),
  subject: z.string().max(300).default(""),
  minutes: z
    .int()
    .min(0)
    .max(7 * 24 * 60),
});

export const auditListInput = z.strictObject({ ...pageInput, ownerId: idInput.optional() }).prefault({});

/** What everyone's pages say; null takes it back. `minutes`: for how long; left out: until it is taken back. */
export const noticeInput = z.strictObject({
  message: z.string().trim().min(1).max(300).nullable(),
  minutes: z
    .int()
    .min(1)
    .max(30 * 24 * 60)
    .optional(),
});

/** How long a kind of thing is kept: days, and how many of the newest each owner keeps. Null takes a rule back. */
const retentionRule = (leastPerOwner: number) =>
  z
    .strictObject({
      days: z.int().min(1).max(36_500).nullable().optional(),
      perOwner: z.int().min(leastPerOwner).max(1_000_000).nullable().optional(),
    })
    .optional();

/** Rules to change; what is left out stays as it is. A feed that keeps fewer events would start over for every short absence. */
export const retentionInput = z.strictObject({
  jobs: retentionRule(1),
  outputs: retentionRule(1),
  uploads: retentionRule(1),
  events: retentionRule(100),
  /** Seconds that a running job's current preview is kept. */
  previews: z.strictObject({ seconds: z.int().min(5).max(PREVIEW_SECONDS).nullable() }).optional(),
});

export const waitingInput = z.strictObject({ limit: pageInput.limit }).prefault({});

export const promoteInput = z.strictObject({ jobId: idInput });
