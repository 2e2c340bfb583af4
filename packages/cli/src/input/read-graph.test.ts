import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pngWithTexts } from "@darkroom/workflow-files";
import { expect, onTestFinished, test } from "vitest";
import { readGraph } from "./read-graph.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const prompt = '{"1":{"class_type":"EmptyImage","inputs":{"width":64}}}';

async function fileOf(content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-import-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "file"), content);
  return join(folder, "file");
}

test("a graph is read from the file that carries it, JSON or picture", async () => {
  const picture = await pngWithTexts(png, { prompt }).bytes();
  for (const content of [prompt, picture]) {
    expect(JSON.parse(await readGraph("file", await fileOf(content)))).toEqual(JSON.parse(prompt));
  }
});

test.each([
  [png, "PNG"],
  ["hello", "first bytes"],
  ["{", "JSON"],
  [new Uint8Array(), "the file is empty"],
])("a file that carries none is refused with what it lacks: %#", async (content, what) => {
  const refusal = await readGraph("file", await fileOf(content)).catch((error: Error) => error);
  expect(refusal).toMatchObject({
    name: "UsageError",
    message: expect.stringMatching(`^file gives no workflow: .*${what}`),
  });
});
