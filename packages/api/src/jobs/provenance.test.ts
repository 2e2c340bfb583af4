import type { Graph, Principal } from "@darkroom/contracts";
import { claimJob, recordDispatch, settleJob } from "@darkroom/db";
import { expect, test } from "vitest";
import type { TestApi } from "../testing/caller.ts";
import { backendWith, idOf, setup } from "../testing/setup.ts";

const graph: Graph = {
  "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "dream.safetensors" }, _meta: { title: "Model" } },
  "2": { class_type: "KSampler", inputs: { seed: 5, steps: 4, model: ["1", 0] } },
};
const run = {
  nodes: [{ node: "2", ms: 900 }],
  cached: ["1"],
  modelLoadMs: 0,
  samplingMs: 900,
  totalMs: 950,
  isCold: false,
  isWhole: true,
};

/** A job of this principal that a worker ran on a backend with this model. */
async function made(api: TestApi, who: Principal): Promise<string> {
  await backendWith(api, ["dream.safetensors"]);
  const jobId = idOf(await api.as(who).job.submit({ workflow: "picture", inputs: { prompt: "a", seed: 5 } }));
  const { database } = api;
  const claimed = await claimJob(database, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 30 });
  const attempt = claimed?.job.attempt ?? 0;
  await recordDispatch(database, { jobId, attempt, backendId: "b1", promptId: jobId, clientId: "c", graph });
  await settleJob(database, { jobId, attempt, outcome: { type: "succeeded" }, run });
  return jobId;
}

const kinds = async (api: TestApi, who: Principal, jobId: string) =>
  (await api.as(who).job.drift({ jobId })).differences.map(({ kind }) => kind);

test("a job tells how it was made: graph, seeds, models, versions, and what each node took", async () => {
  const api = await setup();
  const member = await api.account("member");
  const jobId = await made(api, member);
  expect(await api.as(member).job.provenance({ jobId })).toEqual({
    jobId,
    attempt: 1,
    workflow: { workflowId: expect.any(String), slug: "picture", name: "Picture", version: 1 },
    backend: "b1",
    comfyVersion: "0.33.0",
    seeds: [{ node: "2", title: "KSampler", input: "seed", value: 5 }],
    models: [{ node: "1", title: "Model", input: "ckpt_name", file: "dream.safetensors", hash: null }],
    nodes: [
      { node: "2", title: "KSampler", classType: "KSampler", ms: 900, isCached: false },
      { node: "1", title: "Model", classType: "CheckpointLoaderSimple", ms: null, isCached: true },
    ],
    modelLoadMs: 0,
    samplingMs: 900,
    totalMs: 950,
    isCold: false,
    isWhole: true,
    graph,
    positions: null,
  });
  expect((await api.as(await api.account("operator")).job.provenance({ jobId })).graph).toEqual(graph);
});

test("a job that has not begun has no provenance yet, and that is no error", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const jobId = idOf(await caller.job.submit({ workflow: "picture", inputs: { prompt: "a" } }));
  expect(await caller.job.provenance({ jobId })).toMatchObject({ attempt: 0, graph: null, nodes: [], totalMs: null });
  expect(await caller.job.drift({ jobId })).toEqual({ differences: [], comparedWith: 0 });
});

test("while everything is as it was, nothing differs", async () => {
  const api = await setup();
  const guest = api.guest();
  const jobId = await made(api, guest);
  expect(await api.as(guest).job.drift({ jobId })).toEqual({ differences: [], comparedWith: 1 });
});

test("a model that is gone, a node that is gone and another ComfyUI are named before anything runs", async () => {
  const api = await setup();
  const guest = api.guest();
  const jobId = await made(api, guest);

  await backendWith(api, ["dream-2.safetensors"]);
  const { differences } = await api.as(guest).job.drift({ jobId });
  expect(differences).toEqual([
    {
      kind: "model-gone",
      message: expect.stringMatching(
        /^The model “dream.safetensors” is not installed. .* The closest it has: “dream-2.safetensors”.$/,
      ),
    },
  ]);

  await backendWith(api, ["dream.safetensors"], { version: "0.34.1" });
  expect((await api.as(guest).job.drift({ jobId })).differences).toEqual([
    { kind: "comfy-version", message: "It was made with ComfyUI 0.33.0 and would run on 0.34.1 now." },
  ]);

  await backendWith(api, ["dream.safetensors"], { without: "KSampler" });
  expect(await kinds(api, guest, jobId)).toEqual(["node-gone"]);
});

test("a newer version of the workflow is named, and the job runs again with the old one", async () => {
  const api = await setup();
  const guest = api.guest();
  const jobId = await made(api, guest);
  await api.database.sql`
    WITH next AS (
      INSERT INTO workflow_versions (id, workflow_id, number, name, description, graph, parameters, bindings, outputs)
      SELECT gen_random_uuid(), workflow_id, 2, name, description, graph, parameters, bindings, outputs
      FROM workflow_versions RETURNING id, workflow_id
    )
    UPDATE workflows SET current_version_id = next.id FROM next WHERE workflows.id = next.workflow_id`;
  expect(await kinds(api, guest, jobId)).toEqual(["workflow-version"]);
  const again = await api.as(guest).job.rerun({ jobId });
  const view = await api.as(guest).job.byId({ jobId: idOf(again) });
  expect(view).toMatchObject({ workflow: { version: 1 }, seed: 5, retryOf: jobId });
});
