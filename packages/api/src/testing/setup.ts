import { type InputValues, type JobView, newId, type WorkflowDefinition } from "@darkroom/contracts";
import { claimJob, createOutput, settleJob, upsertBackend } from "@darkroom/db";
import { inject, onTestFinished } from "vitest";
import type { FeedData } from "../answers/index.ts";
import { createTestApi, type TestApi } from "./caller.ts";

// What the tests of this package start from. Only tests import it.

/** One model, one picture, one seed: what submits check. */
export const definition: WorkflowDefinition = {
  slug: "picture",
  name: "Picture",
  description: "A picture.",
  graph: {
    "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "" } },
    "2": { class_type: "KSampler", inputs: { seed: 0, steps: 1, model: ["1", 0] } },
    "3": { class_type: "LoadImage", inputs: { image: "" } },
  },
  parameters: [
    { kind: "text", name: "prompt", label: "Prompt", required: true },
    { kind: "text", name: "note", label: "Note", required: false },
    { kind: "integer", name: "steps", label: "Steps", required: false, default: 4, min: 1, max: 50 },
    { kind: "seed", name: "seed", label: "Seed", required: false, min: 0, max: Number.MAX_SAFE_INTEGER },
    {
      kind: "model",
      name: "model",
      label: "Model",
      required: false,
      default: "elsewhere.safetensors",
      folder: "checkpoints",
    },
    { kind: "image", name: "image", label: "Image", required: false },
  ],
  bindings: [
    { parameter: "model", node: "1", input: "ckpt_name" },
    { parameter: "seed", node: "2", input: "seed" },
    { parameter: "steps", node: "2", input: "steps" },
    { parameter: "image", node: "3", input: "image" },
  ],
  outputs: ["2"],
};

type SetupOptions = Partial<Parameters<typeof createTestApi>[0]> & {
  /** The end of the test: of tests that run beside each other, each one's context has its own. */
  readonly onFinished?: (task: () => Promise<void>) => void;
};

export async function setup({ onFinished = onTestFinished, ...options }: SetupOptions = {}): Promise<TestApi> {
  const api = await createTestApi({
    postgresUrl: inject("postgresUrl"),
    redisUrl: inject("redisUrl"),
    definitions: [definition],
    ...options,
  });
  onFinished(() => api.close());
  return api;
}

/** A live backend that has these models, and of the nodes all but `without`. */
export async function backendWith(
  { database }: TestApi,
  models: readonly string[],
  { version = "0.33.0", without = "", backendId = "b1" } = {},
): Promise<void> {
  const catalog = {
    CheckpointLoaderSimple: { ckpt_name: models },
    KSampler: { seed: null, steps: null },
    LoadImage: { image: null },
  };
  await upsertBackend(database, {
    backendId,
    url: "http://user:secret@127.0.0.1:8188",
    workerId: "w1",
    state: "up",
    version,
    catalog: Object.fromEntries(Object.entries(catalog).filter(([name]) => name !== without)),
    catalogHash: [...models, without].join(","),
    stats: { system: { os: "posix" } },
  });
}

/** Runs a waiting job to its end as a worker would, and publishes what happened. */
export async function finish(
  { database, publisher, queue }: TestApi,
  jobId: string,
  outcome: Parameters<typeof settleJob>[1]["outcome"] = { type: "succeeded" },
): Promise<void> {
  await queue.remove([jobId]);
  const claimed = await claimJob(database, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 30 });
  if (claimed === null) throw new Error(`job ${jobId} could not be claimed`);
  await publisher.publish(claimed.events);
  const settled = await settleJob(database, { jobId, attempt: claimed.job.attempt, outcome });
  if (settled === null) throw new Error(`job ${jobId} could not be settled`);
  await publisher.publish(settled.events);
}

/** A picture that the caller has made with these inputs, as a worker stores it. Answers with its id. */
export async function madePicture(
  api: TestApi,
  caller: ReturnType<TestApi["as"]>,
  inputs: InputValues = { prompt: "a red cube" },
): Promise<string> {
  const jobId = idOf(await caller.job.submit({ workflow: "picture", inputs }));
  const claimed = await claimJob(api.database, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 30 });
  const attempt = claimed?.job.attempt ?? 0;
  const outputId = newId();
  const kept = { sha256: "0", storageKey: "0", width: 640, height: 480, sizeBytes: 1, seed: null };
  await createOutput(api.database, {
    jobId,
    attempt,
    ordinal: 0,
    output: { outputId, kind: "image", mimeType: "image/png", ...kept },
  });
  await settleJob(api.database, { jobId, attempt, outcome: { type: "succeeded" } });
  return outputId;
}

/** The id of a job, where a submit must have made one. */
export function idOf({ jobId }: { readonly jobId: string | null }): string {
  if (jobId === null) throw new Error("no job was made");
  return jobId;
}

/** One value of a subscription, as the server tracks it. */
export interface Tracked {
  readonly cursor: string;
  readonly data: FeedData;
}

/** Reads a subscription value by value; the signal ends it with the test. */
export class FeedReader {
  readonly #values: AsyncIterator<unknown>;

  constructor(feed: AsyncIterable<unknown>) {
    this.#values = feed[Symbol.asyncIterator]();
  }

  async next(): Promise<Tracked> {
    const step = await this.#values.next();
    if (step.done === true) throw new Error("the subscription ended");
    const [cursor, data] = step.value as [string, FeedData];
    return { cursor, data };
  }

  /** Everything up to and including the event of this type. */
  async until(
    type: string,
  ): Promise<{ readonly cursor: string; readonly types: string[]; readonly values: Tracked[] }> {
    const values: Tracked[] = [];
    while (true) {
      const value = await this.next();
      values.push(value);
      const types = values.flatMap(({ data }) => data.events.map((event) => event.type));
      if (types.includes(type as (typeof types)[number])) return { cursor: value.cursor, types, values };
    }
  }

  async isDone(): Promise<boolean> {
    return (await this.#values.next()).done === true;
  }
}

export const idsOf = (jobs: readonly JobView[] | undefined): string[] => (jobs ?? []).map(({ jobId }) => jobId).sort();
