import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ParameterView } from "@darkroom/api";
import { expect, onTestFinished, test } from "vitest";
import { readValues } from "./input-values.ts";

const base = { label: "x", required: false } as const;
const parameters: readonly ParameterView[] = [
  { kind: "text", name: "prompt", ...base },
  { kind: "integer", name: "steps", ...base, min: 1, max: 50 },
  { kind: "boolean", name: "tiled", ...base },
  { kind: "choice", name: "scale", ...base, choices: [2, 4] },
  { kind: "image", name: "image", ...base },
];
const upload = async (path: string) => `id of ${path}`;
const read = (assignment: string) => readValues([assignment], { parameters, upload });

test.each([
  ["prompt=a=b", { prompt: "a=b" }],
  ["prompt=", { prompt: "" }],
  ["steps=8", { steps: 8 }],
  ["tiled=false", { tiled: false }],
  ["scale=4", { scale: 4 }],
  ["image=@a.png", { image: { uploadId: "id of a.png" } }],
  ["image=output:7", { image: { outputId: "7" } }],
])("%s is read as the parameter takes it", async (assignment, values) => {
  expect(await read(assignment)).toEqual(values);
});

test.each<[string, string | Buffer]>([
  ["UTF-8", "Schloß 🏰\n"],
  ["UTF-8 with a byte order mark", "\ufeffSchloß 🏰\n"],
  ["UTF-16, as PowerShell writes it", Buffer.from("\ufeffSchloß 🏰\r\n", "utf16le")],
])("a text's file in %s is read as it was written", async (_, content) => {
  const file = join(await setupFolder(), "prompt.txt");
  await writeFile(file, content);
  expect(await read(`prompt=@${file}`)).toEqual({ prompt: "Schloß 🏰" });
});

test("a text's file in another encoding is refused: other letters would be sent", async () => {
  const file = join(await setupFolder(), "prompt.txt");
  await writeFile(file, Buffer.from("Schloß", "latin1"));
  await expect(read(`prompt=@${file}`)).rejects.toThrow("inputs.prompt names a file that is neither in UTF-8");
});

async function setupFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-inputs-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test.each(["size=1", "steps=many", "steps=1e400", "tiled=yes", "scale=3"])(
  "%s is left for the server to refuse",
  async (assignment) => {
    const [name = "", text] = assignment.split("=");
    expect(await read(assignment)).toEqual({ [name]: text });
  },
);

test.each([
  ["steps", "input must be name=value"],
  ["image=a.png", "inputs.image must be @path"],
  ["prompt=@/no/such/file", "inputs.prompt names a file that there is not"],
])("%s is refused with the parameter and the rule", async (assignment, message) => {
  await expect(read(assignment)).rejects.toThrow(message);
});
