import { type DarkroomError, newId } from "@darkroom/contracts";
import { createUpload, ensureOwner, ownerById } from "@darkroom/db";
import { expect, test } from "vitest";
import { backendWith, finish, idOf, setup } from "../testing/setup.ts";

const picture = { workflow: "picture", inputs: { prompt: "a red cube" } };

/** The refusal behind a rejected call. */
async function refusal(call: Promise<unknown>): Promise<DarkroomError> {
  const error: unknown = await call.then(
    () => {
      throw new Error("it was not refused");
    },
    (reason: unknown) => reason,
  );
  return (error as { cause: DarkroomError }).cause;
}

test("a guest has no row until the first submit, and owns the job afterwards", async () => {
  const api = await setup();
  const guest = api.guest();
  const caller = api.as(guest);
  await caller.session.me();
  await caller.job.list();
  expect(await ownerById(api.database, guest.ownerId)).toBeNull();

  const answer = await caller.job.submit(picture);

  expect(answer).toMatchObject({ state: "queued", position: 0, etaSeconds: null, dryRun: false });
  expect(answer.remaining).toEqual({ submits: 999, generations: 999 });
  expect(await ownerById(api.database, guest.ownerId)).toMatchObject({ kind: "guest", role: "guest" });
  const view = await caller.job.byId({ jobId: idOf(answer) });
  expect(view).toMatchObject({ state: "queued", position: 0, workflow: { slug: "picture", version: 1 } });
  expect(view.inputs).toMatchObject({ prompt: "a red cube", steps: 4, seed: view.seed });
  expect(await api.queue.depth()).toBe(1);
});

test("an optional input that is null is one that was left out, alone and in batches; a required one is missing", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const inputs = { prompt: "a red cube", seed: 7 };
  const first = await caller.job.submit({ workflow: "picture", inputs, idempotencyKey: "k" });
  const nulls = { ...inputs, steps: null, model: null, image: null };
  const second = await caller.job.submit({ workflow: "picture", inputs: nulls, idempotencyKey: "k" });
  expect(second.jobId).toBe(first.jobId);
  const { jobs } = await caller.job.submitBatch({ items: [{ workflow: "picture", inputs: nulls }] });
  expect((await caller.job.byId({ jobId: jobs[0]?.jobId ?? "" })).inputs).toMatchObject({ ...inputs, steps: 4 });
  const missing = await refusal(caller.job.submit({ workflow: "picture", inputs: { prompt: null } }));
  expect(missing).toMatchObject({ code: "INPUT_INVALID", fields: [{ path: "inputs.prompt" }] });
});

test("a repeated key gives the same job, even at the limit and without a backend that could run it", async () => {
  const api = await setup({ limits: { submitsPerMinute: 1 } });
  const caller = api.as(api.guest());
  const request = { ...picture, inputs: { ...picture.inputs, model: "gone.safetensors" }, idempotencyKey: "once" };
  const first = await caller.job.submit(request);
  await backendWith(api, ["other.safetensors"]);
  const again = await caller.job.submit(request);
  expect(again).toMatchObject({ jobId: first.jobId, remaining: first.remaining });
});

test("a role has limits of its own: they are told, count in a dry run, and refuse", async () => {
  const api = await setup({
    limits: { submitsPerMinute: 2, generationsPerHour: 9, maxWaitingPerOwner: 9 },
    limitsOfRoles: { guest: { submitsPerMinute: 1, maxWaitingPerOwner: 3 }, operator: { submitsPerMinute: 3 } },
  });
  const rows = [
    [api.as(api.guest()), 1, 3],
    [api.as(await api.account()), 2, 9],
    [api.as(await api.account("operator")), 3, 9],
  ] as const;
  for (const [caller, submitsPerMinute, maxWaitingPerOwner] of rows) {
    expect((await caller.session.me()).limits).toEqual({ submitsPerMinute, generationsPerHour: 9, maxWaitingPerOwner });
    expect((await caller.job.submit({ ...picture, dryRun: true })).remaining?.submits).toBe(submitsPerMinute);
    for (let left = submitsPerMinute; left > 0; left -= 1)
      expect((await caller.job.submit(picture)).remaining?.submits).toBe(left - 1);
    const times = submitsPerMinute === 1 ? "1 time" : `${submitsPerMinute} times`;
    const message = `You can submit ${times} a minute.`;
    expect(await refusal(caller.job.submit(picture))).toMatchObject({ code: "RATE_LIMITED", message });
    const { submitsPerMinute: used } = await caller.account.usage();
    expect(used).toEqual({ used: submitsPerMinute, most: submitsPerMinute });
  }
});

test("the same key with other inputs is a conflict; another owner's same key is not", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const first = await caller.job.submit({ ...picture, idempotencyKey: "k" });
  expect(
    (await refusal(caller.job.submit({ workflow: "picture", inputs: { prompt: "b" }, idempotencyKey: "k" }))).code,
  ).toBe("IDEMPOTENCY_CONFLICT");
  const other = await api.as(api.guest()).job.submit({ ...picture, idempotencyKey: "k" });
  expect(other.jobId).not.toBe(first.jobId);
});

test("the same key with another priority, other metadata, another batch or a part of it is a conflict; the same again is not", async () => {
  const api = await setup();
  const caller = api.as(await api.account("member"));
  const one = {
    ...picture,
    priority: "low" as const,
    metadata: { order: 17, tags: { b: 1, a: [2] } },
    idempotencyKey: "k",
  };
  const { jobId } = await caller.job.submit(one);
  const again = await caller.job.submit({ ...one, metadata: { tags: { a: [2], b: 1 }, order: 17 } });
  expect(again.jobId).toBe(jobId);
  for (const change of [{ metadata: { order: 18 } }, { metadata: undefined }, { priority: undefined }])
    expect((await refusal(caller.job.submit({ ...one, ...change }))).code).toBe("IDEMPOTENCY_CONFLICT");

  const batch = { items: [picture, picture], metadata: { order: 1 }, batchId: newId(), idempotencyKey: "batch" };
  const first = await caller.job.submitBatch(batch);
  expect(await caller.job.submitBatch({ ...batch, batchId: undefined })).toMatchObject({ jobs: first.jobs });
  for (const change of [
    ...[{ items: [picture] }, { items: [picture, picture, picture] }, { batchId: newId() }],
    ...[{ metadata: {} }, { priority: "low" as const }],
  ])
    expect((await refusal(caller.job.submitBatch({ ...batch, ...change }))).code).toBe("IDEMPOTENCY_CONFLICT");

  // Of a job that was removed only its inputs' digest is left: it is answered, and never made again.
  await finish(api, idOf({ jobId }), {
    type: "failed",
    failure: { code: "NODE_FAILED", message: "It broke.", retryable: true },
  });
  await caller.job.remove({ jobId: idOf({ jobId }) });
  expect((await caller.job.submit(one)).jobId).toBe(jobId);
});

test("ten submits at once under one key make one job", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => caller.job.submit({ ...picture, idempotencyKey: "k" })),
  );
  expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
  expect((await caller.job.list()).items).toHaveLength(1);
});

test("limits say when to come back", async () => {
  const api = await setup({ limits: { submitsPerMinute: 1 } });
  const caller = api.as(api.guest());
  await caller.job.submit(picture);
  const refused = await refusal(caller.job.submit(picture));
  expect(refused.code).toBe("RATE_LIMITED");
  expect(refused.retryAfterSeconds).toBeGreaterThan(0);
  expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60);
});

test("inputs that do not fit are refused with a path for each field", async () => {
  const api = await setup();
  const refused = await refusal(
    api.as(api.guest()).job.submit({ workflow: "picture", inputs: { steps: 1000, nonsense: 1 } }),
  );
  expect(refused.code).toBe("INPUT_INVALID");
  expect(refused.fields.map(({ path }) => path).sort()).toEqual(["inputs.nonsense", "inputs.prompt", "inputs.steps"]);
});

test("a model that is nowhere is refused with what comes close", async () => {
  const api = await setup();
  await backendWith(api, ["dream-xl.safetensors", "photo.safetensors"]);
  const refused = await refusal(
    api.as(api.guest()).job.submit({ workflow: "picture", inputs: { prompt: "a", model: "dream-xxl.safetensors" } }),
  );
  expect(refused.code).toBe("NO_CAPABLE_BACKEND");
  expect(refused.fields.map(({ path }) => path)).toEqual(["inputs.model"]);
  const text =
    "The model “dream-xxl.safetensors” is not installed. Put the file into models/checkpoints on the ComfyUI server, or choose another. The closest it has: “dream-xl.safetensors”, “photo.safetensors”.";
  expect(refused.fields[0]?.message).toBe(text);
  expect(refused.message).toBe(`The connected server cannot run this. ${text}`);
  const { lacks } = await api.as(api.guest()).workflow.byId({ workflow: "picture" });
  expect(lacks).toEqual([]);
});

test("without a model, a job takes the one that workflow.byId shows as its default", async () => {
  const api = await setup();
  await backendWith(api, ["photo.safetensors", "dream.safetensors"]);
  const caller = api.as(api.guest());
  const { parameters, lacks } = await caller.workflow.byId({ workflow: "picture" });
  expect(parameters.find(({ name }) => name === "model")).toMatchObject({
    default: "dream.safetensors",
    choices: ["dream.safetensors", "photo.safetensors"],
  });
  expect(lacks).toEqual([]);
  const view = await caller.job.byId({ jobId: idOf(await caller.job.submit(picture)) });
  expect(view.inputs.model).toBe("dream.safetensors");
});

test("a model of a Windows and of a Linux server is offered once, and either name of it is taken for both", async () => {
  const api = await setup();
  await backendWith(api, ["SDXL\\base.safetensors"]);
  await backendWith(api, ["SDXL/base.safetensors"], { backendId: "b2" });
  const caller = api.as(api.guest());
  const { parameters } = await caller.workflow.byId({ workflow: "picture" });
  const choices = ["SDXL/base.safetensors"];
  expect(parameters.find(({ name }) => name === "model")).toMatchObject({ choices, default: choices[0] });
  for (const model of ["SDXL\\base.safetensors", "SDXL/base.safetensors"]) {
    await expect(caller.job.submit({ ...picture, inputs: { prompt: "a", model } })).resolves.toMatchObject({
      state: "queued",
    });
  }
});

test("a picture of somebody else is not there; one's own is taken", async () => {
  const api = await setup();
  const owner = api.guest();
  await ensureOwner(api.database, { ownerId: owner.ownerId, kind: "guest" });
  const uploadId = newId();
  const file = { sha256: "0".repeat(64), storageKey: "k", mimeType: "image/png", width: 1, height: 1, sizeBytes: 1 };
  await createUpload(api.database, { uploadId, ownerId: owner.ownerId, ...file });
  const request = { workflow: "picture", inputs: { prompt: "a", image: { uploadId } } };
  const refused = await refusal(api.as(api.guest()).job.submit(request));
  expect(refused).toMatchObject({ code: "NOT_FOUND", fields: [{ path: "inputs.image" }] });
  expect(await api.as(owner).job.submit(request)).toMatchObject({ state: "queued" });
  const sound = newId();
  const heard = { ...file, mimeType: "audio/flac", width: null, height: null };
  await createUpload(api.database, { uploadId: sound, ownerId: owner.ownerId, ...heard });
  const odd = { workflow: "picture", inputs: { prompt: "a", image: { uploadId: sound } } };
  const message = "is not a picture";
  expect(await refusal(api.as(owner).job.submit(odd))).toMatchObject({ fields: [{ path: "inputs.image", message }] });
});

test("a dry run checks everything and makes nothing", async () => {
  const api = await setup();
  const guest = api.guest();
  expect(await api.as(guest).job.submit({ ...picture, dryRun: true })).toMatchObject({ jobId: null, dryRun: true });
  expect(await ownerById(api.database, guest.ownerId)).toBeNull();
  expect((await refusal(api.as(guest).job.submit({ workflow: "nowhere", inputs: {}, dryRun: true }))).code).toBe(
    "WORKFLOW_NOT_FOUND",
  );
});

test("high priority needs the role", async () => {
  const api = await setup();
  expect((await refusal(api.as(api.guest()).job.submit({ ...picture, priority: "high" }))).code).toBe("FORBIDDEN");
  expect(await api.as(await api.account("operator")).job.submit({ ...picture, priority: "high" })).toMatchObject({
    state: "queued",
  });
});

test("a job of a batch says which ended job of one's own it repeats; any other is refused by its place", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const first = await caller.job.submitBatch({ items: [picture, picture] });
  const [ended = "", open = ""] = first.jobs.map(({ jobId }) => jobId);
  await caller.job.cancel({ jobId: ended });
  const again = { items: [picture, { ...picture, retryOf: ended }], batchId: first.batchId };
  const { jobs } = await caller.job.submitBatch(again);
  expect(await caller.job.byId({ jobId: jobs[1]?.jobId ?? "" })).toMatchObject({
    retryOf: ended,
    batchId: first.batchId,
  });
  const repeat = (who: typeof caller, retryOf: string) =>
    refusal(who.job.submitBatch({ items: [picture, { ...picture, retryOf }] }));
  const fields = [{ path: "items.1.retryOf" }];
  expect(await repeat(caller, open)).toMatchObject({ code: "JOB_NOT_ENDED", fields });
  expect(await repeat(api.as(api.guest()), ended)).toMatchObject({ code: "NOT_FOUND", fields });
});

test("a sweep is one submit and every combination is a job; a repeat gives the same batch", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const request = { ...picture, sweep: { steps: [1, 2], seed: [7, 8, 9] }, idempotencyKey: "batch" };
  const batch = await caller.job.submitBatch(request);
  expect(batch.jobs).toHaveLength(6);
  expect(batch.remaining).toEqual({ submits: 999, generations: 994 });
  const { items } = await caller.job.list({ batchId: batch.batchId });
  expect(new Set(items.map(({ inputs }) => `${inputs.steps}/${inputs.seed}`)).size).toBe(6);
  expect(await caller.job.submitBatch(request)).toMatchObject({ batchId: batch.batchId, jobs: batch.jobs });

  const canceled = await caller.job.cancel({ batchId: batch.batchId });
  expect(canceled.jobs.map(({ state }) => state)).toEqual(Array(6).fill("canceled"));
  expect(await api.queue.depth()).toBe(0);
});

test("a retry is a new job with the same inputs and seed; a rerun may change them", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const jobId = idOf(await caller.job.submit({ workflow: "picture", inputs: { prompt: "a", seed: 5 } }));
  expect((await refusal(caller.job.retry({ jobId }))).code).toBe("JOB_NOT_ENDED");
  await finish(api, jobId, { type: "failed", failure: { code: "NODE_FAILED", message: "It broke.", retryable: true } });

  const retried = await caller.job.byId({ jobId: idOf(await caller.job.retry({ jobId })) });
  expect(retried).toMatchObject({ retryOf: jobId, seed: 5, state: "queued" });
  expect(retried.inputs).toEqual((await caller.job.byId({ jobId })).inputs);
  const rerun = await caller.job.rerun({ jobId, inputs: { prompt: "b", seed: null } });
  const view = await caller.job.byId({ jobId: idOf(rerun) });
  expect(view.inputs.prompt).toBe("b");
  expect(view.seed).not.toBe(5);
  expect((await caller.job.byId({ jobId })).state).toBe("failed");
});

test("a submit succeeds while Redis is down, without a position", async () => {
  const api = await setup();
  const broken = () => Promise.reject(new Error("connection refused"));
  const caller = api.as(api.guest(), {
    queue: { ...api.queue, enqueue: broken, positions: broken },
  });
  expect(await caller.job.submit(picture)).toMatchObject({ state: "queued", position: null, etaSeconds: null });
});
