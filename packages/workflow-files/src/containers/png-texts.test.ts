import sharp from "sharp";
import { expect, test } from "vitest";
import { readWorkflowFile } from "../read-workflow-file.ts";
import { pngWithTexts } from "./png-texts.ts";

test("a picture that gets a prompt and a workflow is still one, and both are read from it as they were", async () => {
  const picture = sharp({ create: { width: 8, height: 4, channels: 3, background: "red" } }).png();
  const prompt = { "1": { class_type: "Boat", inputs: { text: "ein Schiff – 船 🚤", seed: 2 } } };
  const workflow = { nodes: [{ id: 1, type: "Boat" }], links: [] };
  const given = { prompt: JSON.stringify(prompt), workflow: JSON.stringify(workflow) };
  const file = pngWithTexts(new Uint8Array(await picture.toBuffer()), given);
  const read = await readWorkflowFile(file);
  expect([JSON.parse(read.prompt ?? ""), JSON.parse(read.workflow ?? "")]).toEqual([prompt, workflow]);
  // libvips refuses a chunk whose checksum is wrong.
  const bytes = Buffer.from(await file.arrayBuffer());
  expect(await sharp(bytes, { failOn: "warning" }).stats()).toMatchObject({ isOpaque: true });
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 8, height: 4 });
});
