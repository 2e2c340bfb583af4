import type { Graph, InputValues, WorkflowDefinition } from "@darkroom/contracts";
import { expect } from "vitest";
import { createComfyProxy } from "./testing/comfy-proxy.ts";
import { test } from "./testing/worker-test.ts";
import { doubled, picture } from "./testing/workflows.ts";

/** `workflow` under another name, with that many more nodes before its file, so that no two have the same graph. */
function longer(workflow: WorkflowDefinition, image: string, more: number): WorkflowDefinition {
  const graph: Graph = structuredClone(workflow.graph);
  for (let index = 1; index <= more; index += 1) {
    const from = index === 1 ? image : `invert${index - 1}`;
    graph[`invert${index}`] = { class_type: "ImageInvert", inputs: { image: [from, 0] } };
  }
  Object.assign(graph.save?.inputs ?? {}, { images: [`invert${more}`, 0] });
  return { ...workflow, slug: `${workflow.slug}-${more}`, name: `${workflow.name} ${more}`, graph };
}

/** Colour without a model. */
const plain: WorkflowDefinition = {
  slug: "plain",
  name: "Plain",
  description: "One colour.",
  graph: {
    image: { class_type: "EmptyImage", inputs: { width: 16, height: 16, batch_size: 1, color: 255 } },
    save: { class_type: "SaveImage", inputs: { images: ["image", 0], filename_prefix: "darkroom" } },
  },
  parameters: [],
  bindings: [],
  outputs: ["save"],
};

const counts = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

/** Fifteen that sample or take a picture, and six that only compute. */
const workflows: readonly WorkflowDefinition[] = [
  ...[picture, doubled],
  ...counts(9).map((more) => longer(picture, "decode", more)),
  ...counts(4).map((more) => longer(doubled, "scale", more)),
  plain,
  ...counts(5).map((more) => longer(plain, "image", more)),
];

test("holds as many connections for 21 workflows on two backends as for one", async ({ setup, onTestFinished }) => {
  const { startWorker, startBackend, submit, event, comfy, connections, database } = await setup({
    stepMs: 5,
    workflows,
  });
  expect(new Set(workflows.map(({ graph }) => JSON.stringify(graph))).size).toBe(21);
  const second = await createComfyProxy((await startBackend()).url);
  onTestFinished(() => second.close());
  const proxies = [comfy, second];
  const held = async () => ({ ...(await connections()), sockets: proxies.map((proxy) => proxy.open().sockets) });
  const run = async (wanted: readonly WorkflowDefinition[], inputs: InputValues = {}): Promise<string> => {
    const jobIds = await Promise.all(wanted.map((workflow) => submit(inputs, workflow)));
    await Promise.all(jobIds.map((jobId) => event(jobId, "job.succeeded")));
    return jobIds[0] ?? "";
  };

  // The pool opens a connection when calls overlap. Opened whole, it hides nothing that is opened beside it.
  await Promise.all(counts(10).map(() => database.sql`SELECT pg_sleep(0.1)`));
  // Longer than the test: otherwise a socket that is quiet on a busy machine is taken for dead and opened again.
  startWorker(
    { quietMs: 5000 },
    proxies.map(({ url }) => url),
  );
  // One for each backend.
  const { output } = await event(await run([picture, picture]), "output.created");
  const before = { redis: 2, postgres: 10, sockets: [1, 1] };
  await expect.poll(held).toEqual(before);

  const takesPicture = ({ parameters }: WorkflowDefinition): boolean => parameters.some(({ kind }) => kind === "image");
  await Promise.all([
    run(workflows.filter((workflow) => !takesPicture(workflow))),
    run(workflows.filter(takesPicture), { image: { outputId: output.outputId } }),
  ]);
  expect(await held()).toEqual(before);
  for (const proxy of proxies) {
    expect(proxy.promptIds()).not.toEqual([]);
    // As many as calls that overlap, and not one for each workflow.
    expect(proxy.open().http).toBeLessThanOrEqual(8);
  }
});
