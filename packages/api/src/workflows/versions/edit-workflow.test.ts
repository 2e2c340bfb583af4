import type { DarkroomError, Principal, WorkflowDefinition } from "@darkroom/contracts";
import { describedBackends, ownerById, seedWorkflows, workflowVersions } from "@darkroom/db";
import { expect, test, vi } from "vitest";
import { errorFacts } from "../../errors.ts";
import { definition as picture, setup } from "../../testing/setup.ts";
import { exportedGraph, reportBackend, testBackend } from "../check/test-nodes.ts";

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

/** An installation with a backend, and an operator who has imported the graph that ComfyUI begins with. */
async function imported() {
  const api = await setup({ definitions: [] });
  await reportBackend(api.database);
  const operator = await api.account("operator");
  const caller = api.as(operator);
  const draft = await caller.workflow.import({ graph: JSON.stringify(exportedGraph()), name: "Glass bottles" });
  return { api, operator, caller, draft };
}

/** The same, saved and published. */
async function published() {
  const all = await imported();
  await all.caller.workflow.save({ definition: all.draft.definition });
  await all.caller.workflow.publish({ workflow: "glass-bottles", version: 1 });
  return all;
}

const withoutSteps = ({ parameters, bindings, ...rest }: WorkflowDefinition): WorkflowDefinition => ({
  ...rest,
  parameters: parameters.filter(({ name }) => name !== "steps"),
  bindings: bindings.filter(({ parameter }) => parameter !== "steps"),
});

const withNode = ({ graph, ...rest }: WorkflowDefinition): WorkflowDefinition => ({
  ...rest,
  graph: { ...graph, "66": { class_type: "RunShell", inputs: { command: "curl evil" } } },
});

test("an imported graph is saved as a draft, published, and run by a guest at once", async () => {
  const { api, caller, draft } = await imported();
  expect(draft.report).toMatchObject({ ok: true, backends: [{ backendId: "gpu-1:8188", canRun: true }] });
  expect(draft.report.findings).toMatchObject([
    {
      code: "MODEL_MISSING",
      severity: "warning",
      parameter: "model",
      closest: ["juggernautXL_ragnarokBy.safetensors", "photo.safetensors"],
    },
  ]);
  const saved = await caller.workflow.save({ definition: draft.definition, note: "first" });
  expect(saved).toMatchObject({ slug: "glass-bottles", version: 1 });

  const guest = api.as(api.guest());
  expect((await guest.workflow.list()).items).toEqual([]);
  expect((await refusal(guest.workflow.byId({ workflow: saved.slug }))).code).toBe("WORKFLOW_NOT_FOUND");
  const request = { workflow: saved.slug, inputs: { prompt: "a bottle" } };
  expect((await refusal(guest.job.submit(request))).code).toBe("WORKFLOW_NOT_FOUND");
  expect(await caller.job.submit({ ...request, version: 1 })).toMatchObject({ state: "queued" });

  expect(await caller.workflow.publish({ workflow: saved.slug, version: 1 })).toMatchObject({ published: true });
  expect((await guest.workflow.list()).items).toMatchObject([{ slug: saved.slug, version: 1 }]);
  expect(await guest.job.submit(request)).toMatchObject({ state: "queued" });
});

test("importing, saving, publishing and reading graphs takes an operator; allowing nodes an admin", async () => {
  const { api, caller, draft } = await imported();
  const graph = exportedGraph();
  const { definition } = draft;
  await caller.workflow.save({ definition });
  const member = await api.account("member");
  const refused = async (who: Principal, calls: readonly ((as: typeof caller) => Promise<unknown>)[]) => {
    for (const call of calls) expect(await refusal(call(api.as(who)))).toMatchObject({ code: "FORBIDDEN" });
  };
  for (const who of [api.guest(), member]) {
    await refused(who, [
      (as) => as.workflow.import({ graph }),
      (as) => as.workflow.check({ definition }),
      (as) => as.workflow.save({ definition }),
      (as) => as.workflow.publish({ workflow: definition.slug, version: 1 }),
      (as) => as.workflow.archive({ workflow: definition.slug }),
      (as) => as.workflow.source({ workflow: definition.slug }),
      (as) => as.workflow.export({ workflow: definition.slug }),
      (as) => as.workflow.diff({ workflow: definition.slug, to: 1 }),
      (as) => as.workflow.list({ all: true }),
    ]);
  }
  await refused(await api.account("operator"), [(as) => as.workflow.allowNodes({ nodes: ["RunShell"] })]);
});

test("a node that nobody allowed is refused when it is saved and at every submit; an admin's word lets it in and takes it back", async () => {
  const { api, caller, draft } = await imported();
  const definition = withNode(draft.definition);
  const denied = await refusal(caller.workflow.save({ definition }));
  expect(denied.code).toBe("WORKFLOW_INVALID");
  expect(denied.fields).toEqual([{ path: "definition.graph", message: "the node RunShell is not allowed" }]);
  const report = await caller.workflow.check({ definition });
  expect(report.findings[0]).toMatchObject({
    code: "NODE_NOT_ALLOWED",
    message: expect.stringContaining("custom_nodes.terminal"),
  });

  const admin = api.as(await api.account("admin"));
  expect((await admin.workflow.allowNodes({ nodes: ["RunShell"] })).items).toMatchObject([{ node: "RunShell" }]);
  await caller.workflow.save({ definition });
  await caller.workflow.publish({ workflow: definition.slug, version: 1 });
  const guest = api.as(api.guest());
  const request = { workflow: definition.slug, inputs: { prompt: "a" } };
  expect(await guest.job.submit(request)).toMatchObject({ state: "queued" });

  await admin.workflow.forbidNodes({ nodes: ["RunShell"] });
  expect((await admin.workflow.allowedNodes()).items).toEqual([]);
  for (const call of [
    () => guest.job.submit(request),
    () => guest.job.submit({ ...request, dryRun: true }),
    () => guest.job.submitBatch({ items: [request] }),
    () => caller.job.submit(request),
  ]) {
    expect(await refusal(call())).toMatchObject({
      code: "WORKFLOW_INVALID",
      message: expect.stringContaining("RunShell"),
    });
  }
  const unpublished = await refusal(
    caller.workflow.publish({ workflow: definition.slug, version: 1, accept: ["NODE_NOT_ALLOWED:66"] }),
  );
  expect(unpublished.fields.map(({ path }) => path)).toEqual(["findings.NODE_NOT_ALLOWED:66"]);
});

test("a workflow whose nodes are not core, however it came here, is refused at submit", async () => {
  const api = await setup({ definitions: [{ ...withNode(picture), slug: "seeded" }] });
  const refused = await refusal(api.as(api.guest()).job.submit({ workflow: "seeded", inputs: { prompt: "a" } }));
  expect(refused.code).toBe("WORKFLOW_INVALID");
});

test("a version is made from the newest one only, and a slug is taken once", async () => {
  const { api, caller, draft } = await published();
  const { definition } = draft;
  expect((await refusal(caller.workflow.save({ definition }))).code).toBe("WORKFLOW_CONFLICT");
  const next = { definition: { ...definition, name: "Bottles" }, workflow: definition.slug };
  expect(await refusal(caller.workflow.save(next))).toMatchObject({
    code: "INPUT_INVALID",
    fields: [{ path: "basedOn" }],
  });
  const { sql } = api.database;
  let saves: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([]);
  await sql.begin(async (tx) => {
    // Reading goes on and writing waits: without their turns all would find the same newest version.
    await tx`LOCK TABLE workflow_versions IN SHARE MODE`;
    saves = Promise.allSettled(Array.from({ length: 6 }, () => caller.workflow.save({ ...next, basedOn: 1 })));
    await vi.waitFor(async () => {
      // Idle for two seconds its connection would be cut.
      await tx`SELECT 1`;
      const waiting = sql`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      expect(await waiting).toHaveLength(6);
    }, 30_000);
  });
  const codes = (await saves).map((one) => (one.status === "fulfilled" ? "saved" : one.reason.cause?.code));
  expect(codes.sort()).toEqual([...Array(5).fill("WORKFLOW_CONFLICT"), "saved"]);
  expect(await refusal(caller.workflow.save({ ...next, basedOn: 1 }))).toMatchObject({
    code: "WORKFLOW_CONFLICT",
    fields: [{ path: "basedOn", message: "the newest version is 2" }],
  });
  const renamed = { ...next, definition: { ...definition, slug: "other" }, basedOn: 2 };
  expect((await refusal(caller.workflow.save(renamed))).fields.map(({ path }) => path)).toEqual(["definition.slug"]);
});

test("a published workflow's draft is nobody's until it is published, and old versions stay what they were", async () => {
  const { api, caller, draft } = await published();
  const { slug } = draft.definition;
  const guest = api.as(api.guest());
  await caller.workflow.save({ definition: withoutSteps(draft.definition), workflow: slug, basedOn: 1 });
  expect((await guest.workflow.byId({ workflow: slug })).version).toBe(1);
  const inputs = { prompt: "a", steps: 7 };
  expect((await refusal(guest.job.submit({ workflow: slug, version: 2, inputs }))).code).toBe("WORKFLOW_NOT_FOUND");
  expect((await guest.workflow.versions({ workflow: slug })).items.map(({ version }) => version)).toEqual([1]);
  expect((await caller.workflow.versions({ workflow: slug })).items).toMatchObject([
    { version: 2, current: false, publishedAt: null },
    { version: 1, current: true },
  ]);

  const refused = await refusal(caller.workflow.publish({ workflow: slug, version: 2 }));
  expect(refused.message).toMatch(/breaks callers of the current one: “steps” is gone/);
  expect(refused.fields.map(({ path }) => path)).toEqual(["changes.parameter-removed:steps"]);
  expect(await caller.workflow.diff({ workflow: slug, to: 2 })).toMatchObject({ from: 1, to: 2, breaking: true });
  await caller.workflow.publish({ workflow: slug, version: 2, accept: ["parameter-removed:steps"] });

  expect((await refusal(guest.job.submit({ workflow: slug, inputs }))).fields.map(({ path }) => path)).toEqual([
    "inputs.steps",
  ]);
  expect(await guest.job.submit({ workflow: slug, version: 1, inputs })).toMatchObject({ state: "queued" });
  expect((await caller.workflow.versions({ workflow: slug })).items[0]).toMatchObject({
    version: 2,
    current: true,
    accepted: ["parameter-removed:steps"],
  });
});

test("a version's limit is stored, told to everyone, compared, and kept when the graph is replaced", async () => {
  const { api, caller, draft } = await published();
  const { slug } = draft.definition;
  const guest = api.as(api.guest());
  expect(await guest.workflow.byId({ workflow: slug })).toMatchObject({ timeoutSeconds: null });
  const definition = { ...draft.definition, timeoutSeconds: 90 };
  await caller.workflow.save({ definition, workflow: slug, basedOn: 1 });
  expect((await caller.workflow.source({ workflow: slug, version: 2 })).definition).toEqual(definition);
  const told = "A job is stopped after 90 seconds instead of the installation's limit.";
  expect(await caller.workflow.diff({ workflow: slug, to: 2 })).toMatchObject({
    breaking: false,
    changes: [{ id: "timeout", kind: "timeout", message: told }],
  });
  await caller.workflow.publish({ workflow: slug, version: 2 });
  expect(await guest.workflow.byId({ workflow: slug })).toMatchObject({ timeoutSeconds: 90 });
  expect(await guest.workflow.byId({ workflow: slug, version: 1 })).toMatchObject({ timeoutSeconds: null });
  const next = await caller.workflow.import({ graph: exportedGraph(), workflow: slug });
  expect(next.definition.timeoutSeconds).toBe(90);
});

test.each([
  [0, "must be at least 1 second"],
  [1.5, "must be a whole number of seconds"],
  [86_401, "must be at most 86400 seconds, which is a day"],
])("a limit of %d seconds is refused with its field and the rule", async (timeoutSeconds, message) => {
  const { caller, draft } = await imported();
  const definition = { ...draft.definition, timeoutSeconds };
  const error: unknown = await caller.workflow.save({ definition }).catch((reason: unknown) => reason);
  expect(errorFacts(error)).toMatchObject({
    code: "INPUT_INVALID",
    fields: [{ path: "definition.timeoutSeconds", message }],
  });
});

test("a version that no backend can run is published only by naming what is wrong with it", async () => {
  const { api, caller, draft } = await imported();
  await reportBackend(api.database, testBackend(undefined, { offered: { scheduler: ["karras"] } }));
  const { slug } = draft.definition;
  await caller.workflow.save({ definition: draft.definition });
  const id = "PARAMETER_BOUNDS:3:scheduler";
  const refused = await refusal(caller.workflow.publish({ workflow: slug, version: 1 }));
  expect(refused.fields).toMatchObject([{ path: `findings.${id}`, message: expect.stringMatching(/offers “normal”/) }]);
  await caller.workflow.publish({ workflow: slug, version: 1, accept: [id] });
  expect((await caller.workflow.versions({ workflow: slug })).items[0]?.accepted).toEqual([id]);
});

test("an archived workflow is out of everyone's sight and its jobs stay; publishing brings it back", async () => {
  const { api, caller, draft } = await published();
  const { slug } = draft.definition;
  const guest = api.as(api.guest());
  const { jobId } = await guest.job.submit({ workflow: slug, inputs: { prompt: "a" } });
  expect(await caller.workflow.archive({ workflow: slug })).toMatchObject({ archived: true });
  expect((await guest.workflow.list()).items).toEqual([]);
  expect((await refusal(guest.job.submit({ workflow: slug, inputs: { prompt: "a" } }))).code).toBe(
    "WORKFLOW_NOT_FOUND",
  );
  expect(await guest.job.byId({ jobId: jobId ?? "" })).toMatchObject({ workflow: { slug } });
  expect((await caller.workflow.list({ all: true })).items).toMatchObject([{ slug, archived: true, latestVersion: 1 }]);
  await caller.workflow.publish({ workflow: slug, version: 1 });
  expect((await guest.workflow.list()).items).toMatchObject([{ slug, archived: false }]);
});

test("a new graph of a workflow keeps its declared inputs where they still fit", async () => {
  const { caller, draft } = await published();
  const { slug } = draft.definition;
  const graph = JSON.parse(JSON.stringify(exportedGraph()).replaceAll('"3"', '"33"')) as ReturnType<
    typeof exportedGraph
  >;
  delete graph["7"];
  Object.assign(graph["33"]?.inputs ?? {}, { negative: ["6", 0], scheduler: "karras" });
  const next = await caller.workflow.import({ graph, workflow: slug });
  expect(next.definition).toMatchObject({ slug, name: "Glass bottles", outputs: ["9"] });
  expect(next.definition.bindings).toContainEqual({ parameter: "steps", node: "33", input: "steps" });
  expect(next.definition.parameters.map(({ name }) => name)).not.toContain("negativePrompt");
  await caller.workflow.save({ definition: next.definition, workflow: slug, basedOn: 1, note: "no negative" });
  expect((await caller.workflow.source({ workflow: slug, version: 2 })).latestVersion).toBe(2);
  const { changes } = await caller.workflow.diff({ workflow: slug, to: 2 });
  expect(changes.filter(({ breaking }) => breaking).map(({ id }) => id)).toEqual(["parameter-removed:negativePrompt"]);
  expect(changes.map(({ kind }) => kind)).toContain("node-changed");
});

test("a dry run tells what would be stored and what remains, and is refused as the job would be", async () => {
  const { api, draft } = await published();
  const { slug } = draft.definition;
  const guest = api.guest();
  const caller = api.as(guest, { limitsOf: (role) => ({ ...api.limitsOf(role), submitsPerMinute: 1 }) });
  const request = { workflow: slug, inputs: { prompt: "a", seed: 5 } };
  const answer = await caller.job.submit({ ...request, dryRun: true });
  expect(answer).toMatchObject({ jobId: null, dryRun: true, remaining: { submits: 1 } });
  expect(answer.plan).toMatchObject({ seed: 5, inputs: { prompt: "a", seed: 5, steps: 20, width: 512 }, warnings: [] });
  expect(await ownerById(api.database, guest.ownerId)).toBeNull();
  await caller.job.submit(request);
  expect((await refusal(caller.job.submit({ ...request, dryRun: true }))).code).toBe("RATE_LIMITED");
  await reportBackend(api.database, testBackend(undefined, { offered: { scheduler: ["karras"] } }));
  const other = api.as(api.guest());
  expect(await refusal(other.job.submit({ ...request, dryRun: true }))).toMatchObject({
    code: "WORKFLOW_INVALID",
    message: expect.stringMatching(/^KSampler: Scheduler offers “normal”, which scheduler does not take here/),
  });
});

test("what came with Darkroom is renewed by its next version, but not what an operator published since", async () => {
  const api = await setup();
  const operator = api.as(await api.account("operator"));
  const { definition } = await operator.workflow.source({ workflow: "picture" });
  await seedWorkflows(api.database, [{ ...picture, description: "Newer." }]);
  expect((await operator.workflow.byId({ workflow: "picture" })).version).toBe(2);
  const mine = { ...definition, description: "Mine.", outputs: ["2"] };
  await operator.workflow.save({ definition: mine, workflow: "picture", basedOn: 2 });
  await operator.workflow.publish({ workflow: "picture", version: 3 });
  await seedWorkflows(api.database, [{ ...picture, description: "Newer." }]);
  expect((await workflowVersions(api.database, { idOrSlug: "picture" }))?.length).toBe(3);
  await seedWorkflows(api.database, [{ ...picture, description: "Newest." }]);
  expect(await operator.workflow.byId({ workflow: "picture" })).toMatchObject({ version: 3, description: "Mine." });
  expect((await workflowVersions(api.database, { idOrSlug: "picture" }))?.length).toBe(4);
});

test("a backend's nodes are described while it lives, once for all that are alike", async () => {
  const api = await setup();
  await reportBackend(api.database, testBackend("a:1"));
  await reportBackend(api.database, { ...testBackend("b:1"), info: null });
  const [first, second] = await describedBackends(api.database);
  expect(first?.info?.KSampler?.inputs.steps).toMatchObject({ min: 1, max: 10_000 });
  expect(second).toMatchObject({ backendId: "b:1", info: null });
});
