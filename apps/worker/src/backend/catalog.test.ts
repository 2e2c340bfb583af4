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
  const client = { objectInfoText: async () => JSON.stringify(objectInfo), models: async () => ({}) };
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
  const objectInfoText = async () =>
    JSON.stringify({ Sampler: { input: { required: { steps: ["INT", { default: steps }] } }, output: [] } });
  const client = { objectInfoText, models: async () => ({}) };
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

test("an answer that is the same again is not read again, and a server that was away is known by it", async () => {
  const text = JSON.stringify({ Sampler: { input: { required: { steps: ["INT", { default: 20 }] } }, output: [] } });
  const client = { objectInfoText: async () => text, models: async () => ({}) };
  const reader = createCatalogReader(client, { maxAgeMs: 0, onRead: () => {}, log: pino({ level: "silent" }) });
  const read = async () => {
    reader.refresh();
    await reader.idle();
    return reader.catalog;
  };
  const first = await read();
  expect(await read()).toBe(first);
  reader.forget();
  expect(reader.isKnown).toBe(false);
  expect(await read()).toBe(first);
  expect(reader.isKnown).toBe(true);
  expect(reader.news().info).not.toBeNull();
});
