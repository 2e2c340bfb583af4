import { createTestApi, type TestApi } from "@darkroom/api/testing";
import { createComfyClient } from "@darkroom/comfyui";
import { graphText, type WorkflowDefinition } from "@darkroom/contracts";
import { upsertBackend } from "@darkroom/db";
import { createSimulator, type Simulator } from "@darkroom/simulator";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { bundledWorkflows } from "../../packages/db/src/workflows/bundled/index.ts";
import { backendOf } from "./forms/suggested-form.ts";

// A workflow that is shared as a file and opened again, with the classes of a real `object_info`.

let api: TestApi;
let simulator: Simulator;

beforeAll(async () => {
  simulator = await createSimulator({ port: 0 });
  const client = createComfyClient({ baseUrl: simulator.url });
  const objectInfo = await client.objectInfo();
  await client.close();
  api = await createTestApi({
    postgresUrl: inject("postgresUrl"),
    redisUrl: inject("redisUrl"),
    definitions: bundledWorkflows,
  });
  const { backendId, version, catalogHash, catalog, info } = backendOf(objectInfo);
  await upsertBackend(api.database, {
    ...{ backendId, version, catalogHash, catalog, url: simulator.url, workerId: "w1", state: "up", stats: null },
    nodeInfo: { info: info ?? {}, hash: "i1" },
  });
});
afterAll(async () => {
  await api?.close();
  await simulator?.close();
});

const operator = async () => api.as(await api.account("operator"));
const formOf = ({ name, description, parameters, bindings, outputs, timeoutSeconds }: WorkflowDefinition) => ({
  ...{ name, description, parameters, outputs, timeoutSeconds },
  // The form's order is that of the parameters; the order of what one of them sets means nothing.
  bindings: bindings.map(({ parameter, node, input }) => `${parameter} ${node}.${input}`).sort(),
});
/** What a run depends on. The import notes in `_meta` which texts are drawn. */
const inputsOf = ({ graph }: WorkflowDefinition) =>
  Object.entries(graph).map(([id, { class_type, inputs, _meta }]) => ({ id, class_type, inputs, title: _meta?.title }));

describe.each(bundledWorkflows.map((definition) => [definition.slug, definition] as const))(
  "%s",
  (slug, definition) => {
    test("exported for ComfyUI's editor and imported again, it has the same graph and the same form", async () => {
      const caller = await operator();
      const exported = await caller.workflow.export({ workflow: slug });
      expect(exported).toMatchObject({ slug, version: 1, prompt: definition.graph, notes: [] });
      const { definition: read } = await caller.workflow.import({ graph: graphText(exported.workflow, 2) });
      expect(formOf(read)).toEqual(formOf(definition));
      expect(inputsOf(read)).toEqual(expect.arrayContaining(inputsOf(definition)));
      expect(inputsOf(read)).toHaveLength(inputsOf(definition).length);
      expect(read.slug).toBe(`${slug}-2`);
    });

    test("its nodes stand apart from each other in the file, each behind what it takes from", async () => {
      const { workflow } = await (await operator()).workflow.export({ workflow: slug });
      const boxes = new Map(workflow.nodes.map(({ id, pos, size }) => [id, { pos, size }]));
      for (const [, from, , to] of workflow.links) {
        const [left, right] = [boxes.get(from), boxes.get(to)];
        expect((left?.pos[0] ?? 0) + (left?.size[0] ?? 0)).toBeLessThan(right?.pos[0] ?? 0);
      }
      const overlaps = workflow.nodes.flatMap((one, index) =>
        workflow.nodes
          .slice(index + 1)
          .filter((other) =>
            [0, 1].every(
              (axis) =>
                (one.pos[axis] ?? 0) < (other.pos[axis] ?? 0) + (other.size[axis] ?? 0) &&
                (other.pos[axis] ?? 0) < (one.pos[axis] ?? 0) + (one.size[axis] ?? 0),
            ),
          ),
      );
      expect(overlaps).toEqual([]);
    });
  },
);

test("what somebody changed in ComfyUI's editor since is there, and of the form what still fits", async () => {
  const caller = await operator();
  const { workflow } = await caller.workflow.export({ workflow: "upscale" });
  const scale = workflow.nodes.find(({ type }) => type === "ImageScaleBy");
  const load = workflow.nodes.find(({ type }) => type === "LoadImage");
  const edited = {
    ...workflow,
    nodes: workflow.nodes.flatMap((node) => {
      if (node === scale) return [{ ...node, widgets_values: ["bicubic", 3] }];
      // Replaced by a node that makes a picture: there is nothing to upload any more.
      const made = { ...node, type: "EmptyImage", widgets_values: [64, 64, 1, 0] };
      return node === load ? [{ ...made, inputs: [] }] : [node];
    }),
  };
  const { definition } = await caller.workflow.import({ graph: edited, slug: "my-upscale", name: "Mine" });
  expect(definition).toMatchObject({ slug: "my-upscale", name: "Mine", outputs: ["save"] });
  expect(definition.graph.scale?.inputs).toMatchObject({ upscale_method: "bicubic", scale_by: 3, image: ["image", 0] });
  expect(definition.parameters.map(({ name }) => name)).toEqual(["scale"]);
});

test("a file whose form was damaged is read like any other", async () => {
  const caller = await operator();
  const { workflow } = await caller.workflow.export({ workflow: "upscale" });
  const damaged = { ...workflow, extra: { darkroom: { format: 9 } } };
  const { definition } = await caller.workflow.import({ graph: damaged });
  expect(definition.name).toBe("Imported workflow");
  expect(Object.keys(definition.graph)).toHaveLength(3);
});
