import { pino } from "pino";
import { expect, test } from "vitest";
import { createCatalogReader } from "./catalog.ts";

test("the inputs of a class are told in their order, as a file of ComfyUI's editor has its values", async () => {
  const objectInfo = {
    EmptyLatentImage: {
      input: { required: { width: ["INT", { default: 512 }], height: ["INT", { default: 512 }], batch_size: ["INT"] } },
      output: ["LATENT"],
    },
  };
  const client = { objectInfo: async () => objectInfo, models: async () => ({}) };
  const reader = createCatalogReader(client, { maxAgeMs: 0, onRead: () => {}, log: pino({ level: "silent" }) });
  reader.refresh();
  await reader.idle();
  const { layout, inputs } = reader.news().info?.info.EmptyLatentImage ?? {};
  expect(layout?.inputs.map(({ name }) => name)).toEqual(["width", "height", "batch_size"]);
  expect(layout?.outputs).toEqual(["LATENT"]);
  expect(inputs?.width).toMatchObject({ type: "INT", default: 512 });
});

test("a default that changed alone is the one that jobs are sent from then on", async () => {
  let steps = 20;
  const objectInfo = async () => ({
    Sampler: { input: { required: { steps: ["INT", { default: steps }] } }, output: [] },
  });
  const client = { objectInfo, models: async () => ({}) };
  const reader = createCatalogReader(client, { maxAgeMs: 0, onRead: () => {}, log: pino({ level: "silent" }) });
  const read = async () => {
    reader.refresh();
    await reader.idle();
    return reader.catalog?.layouts.Sampler?.inputs[0]?.default;
  };
  expect(await read()).toBe(20);
  steps = 30;
  expect(await read()).toBe(30);
});
