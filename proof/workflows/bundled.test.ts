import { createComfyClient } from "@darkroom/comfyui";
import {
  compileGraph,
  drawSeeds,
  type InputValues,
  inputsSchemaFor,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { createSimulator, type Simulator } from "@darkroom/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkWorkflow } from "../../packages/api/src/workflows/check/check-workflow.ts";
import { bundledWorkflows } from "../../packages/db/src/workflows/bundled/index.ts";
import { runGraph } from "../../packages/simulator/src/testing/run-graph.ts";
import { backendOf } from "./forms/suggested-form.ts";

// The workflows that every installation begins with, on a server that has what they name and on one that has nothing of it.

/** A grey square of 64 pixels. */
const greyPng =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PMQ0AAAwDoEqv9ErYvQQckD4XAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAYHLAB8+AWnmfUycAAAAAElFTkSuQmCC";

let full: Simulator;
let bare: Simulator;
beforeAll(async () => {
  [full, bare] = await Promise.all([createSimulator({ stepMs: 1, loadMs: 1 }), createSimulator({ models: {} })]);
  const body = new FormData();
  const picture = Buffer.from(greyPng, "base64");
  body.append("image", new Blob([picture], { type: "image/png" }), "example.png");
  expect((await fetch(`${full.url}/upload/image`, { method: "POST", body })).status).toBe(200);
});
afterAll(async () => {
  await Promise.all([full?.close(), bare?.close()]);
});

async function describedBy({ url }: Simulator): Promise<DescribedBackend> {
  const client = createComfyClient({ baseUrl: url });
  const backend = backendOf(await client.objectInfo());
  await client.close();
  return backend;
}

const errorsOn = (definition: WorkflowDefinition, backend: DescribedBackend) =>
  checkWorkflow(definition, { backends: [backend], allowed: new Set() }).findings.filter(
    ({ severity }) => severity === "error",
  );

/** What a person has to give, and small sizes. Pictures are one that the server has. */
function leastInputs({ parameters }: WorkflowDefinition): { inputs: InputValues; fileNames: Record<string, string> } {
  const pictures = parameters.filter(({ kind }) => kind === "image" || kind === "mask").map(({ name }) => name);
  const upload = { uploadId: "01890a5d-ac96-774b-bcce-b302099a8057" };
  const given = Object.fromEntries([
    ...parameters.filter(({ kind, required }) => kind === "text" && required).map(({ name }) => [name, "a boat"]),
    ...parameters.filter(({ name }) => name === "width" || name === "height").map(({ name }) => [name, 128]),
    ...pictures.map((name) => [name, upload]),
  ]);
  const inputs = drawSeeds(parameters, inputsSchemaFor(parameters).parse(given), () => 0.5);
  return { inputs, fileNames: Object.fromEntries(pictures.map((name) => [name, "example.png"])) };
}

describe.each(bundledWorkflows.map((definition) => [definition.slug, definition] as const))(
  "%s",
  (slug, definition) => {
    test("runs to an output of its kind on a server that has its models, and the check finds no fault", async () => {
      expect(errorsOn(definition, await describedBy(full))).toEqual([]);
      const { inputs, fileNames } = leastInputs(definition);
      const { status, outputs } = await runGraph(full, compileGraph(definition, inputs, fileNames));
      expect(status.status_str).toBe("success");
      const ending = slug === "text-to-video" ? /\.mp4$/ : /\.png$/;
      expect(outputs.save).toMatchObject({ images: [{ filename: expect.stringMatching(ending), type: "output" }] });
    });

    test("is refused with the file that is missing on a server without models, if it names one", async () => {
      const model = definition.parameters.find(({ kind }) => kind === "model");
      const messages = errorsOn(definition, await describedBy(bare)).map(({ message }) => message);
      if (model?.kind !== "model") expect(messages).toEqual([]);
      else expect(messages.join("\n")).toContain(model.default);
    });
  },
);
