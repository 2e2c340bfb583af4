import { expect, it } from "vitest";
import { readWorkflowFile } from "../index.ts";
import * as write from "../testing/writers.ts";

const { bytes } = write;

async function parametersOf(data: Uint8Array<ArrayBuffer>) {
  return (await readWorkflowFile(new Blob([data]))).parameters;
}

const text = (name: string, value: string) => write.pngChunk("iTXt", `${name}\0\0\0\0\0`, write.utf8(value));

const a1111 = `a boat, (sea:1.2)
on two lines: yes
Negative prompt: blurry,
ugly
Steps: 20, Sampler: Euler a, Schedule type: Karras, CFG scale: 7.5, Seed: 18446744073709551615, Size: 512x768, Lora hashes: "a: 1, b: 2", Version: `;
const boat = { prompt: "a boat, (sea:1.2)\non two lines: yes", negative: "blurry,\nugly" };
const settings = { seed: "18446744073709551615", steps: 20, cfg: 7.5, sampler: "Euler a", width: 512, height: 768 };

it.each([
  ["A1111", "v1.10.1"],
  ["Forge", "f2.0.1v1.10.1-previous-659-gc055f2d4"],
] as const)("reads what %s wrote into a PNG", async (program, version) => {
  const answer = await parametersOf(write.png(text("parameters", a1111 + version)));
  expect(answer).toEqual({ program, ...boat, ...settings });
});

it.each([
  ["big-endian", true],
  ["little-endian", false],
])("reads what A1111 or SwarmUI wrote into the user comment of a JPEG, in %s UTF-16", async (_, isBig) => {
  const wide = Buffer.from(`${a1111}v1`, "utf16le");
  const comment = bytes("UNICODE\0", isBig ? wide.swap16() : wide);
  const directory = bytes(
    "MM\0*",
    write.u32(8),
    write.u16(1),
    [0x87, 0x69, 0, 4],
    write.u32(1),
    write.u32(26),
    write.u32(0),
  );
  const exif = bytes(write.u16(1), [0x92, 0x86, 0, 7], write.u32(comment.length), write.u32(44), write.u32(0), comment);
  const answer = await parametersOf(write.jpeg([0xe1, bytes("Exif\0\0", directory, exif)]));
  expect(answer).toEqual({ program: "A1111", ...boat, ...settings });
});

it("reads what A1111 wrote into the comment of a GIF, and others into the description of a picture", async () => {
  const boats = { program: "A1111", ...boat, ...settings };
  expect(await parametersOf(write.gif(`${a1111}v1`))).toEqual(boats);
  expect(await parametersOf(bytes(write.tiff([[0x010e, `${a1111}v1`]])))).toEqual(boats);
});

it("reads A1111's text without a negative prompt, and with settings that are missing", async () => {
  const answer = await parametersOf(write.png(text("parameters", "a boat\nSteps: 4, Seed: x, Size: large")));
  expect(answer).toEqual({ program: "A1111", prompt: "a boat", steps: 4 });
});

const written = async (value: string) => parametersOf(write.png(text("parameters", value)));

it("reads A1111's text with a second pass, scripts and lines behind the settings, and words that look like settings", async () => {
  const prompt = "a boat BREAK sea: calm, Steps: many\nNo Negative prompt: here, it says";
  const hires = "Denoising strength: 0.4, Hires resize: 1024x1536, Hires steps: 10, Hires upscaler: 4x-UltraSharp";
  const rest = `Size: 512x768, ${hires}, Lora hashes: "a: 1, b: \\"2\\"", ADetailer prompt: "Size: 1x1, Seed: 2", Version: v1.9.4`;
  const settings = `Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 5, ${rest}`;
  const template = "Template: a {boat|ship}\nNegative Template: ugly";
  expect(await written(`${prompt}\nNegative prompt: ugly, [text: sign]\r\n${settings}\n${template}`)).toEqual({
    ...{ program: "A1111", prompt, negative: "ugly, [text: sign]", seed: "5", steps: 20, cfg: 7 },
    ...{ sampler: "DPM++ 2M", width: 512, height: 768 },
  });
});

it("takes the guidance that Forge and InvokeAI tell Flux with the prompt, where the other is 1", async () => {
  const flux = "a boat\nSteps: 20, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 5";
  expect(await written(`${flux}, Version: f2.0.1v1.10.1-previous-1-gabc`)).toMatchObject({
    program: "Forge",
    cfg: 3.5,
  });
  expect(await written(`${flux}, Version: neo`)).toMatchObject({ program: "Forge", cfg: 3.5 });
  expect(await written("a boat\nSteps: 20, CFG scale: 6, Distilled CFG Scale: 3.5")).toMatchObject({ cfg: 6 });
  const invoke = `{"positive_prompt": "a boat", "cfg_scale": 1.0, "guidance": 4.0, "steps": 30}`;
  expect(await parametersOf(write.png(text("invokeai_metadata", invoke)))).toMatchObject({ cfg: 4 });
});

it("reads what InvokeAI 2 wrote", async () => {
  const image = `"prompt": [{"prompt": "a boat, (sea) [ugly, text]", "weight": 1.0}], "seed": 3, "steps": 30, "cfg_scale": 7.5, "sampler": "k_euler"`;
  const metadata = `{"app_id": "invoke-ai/InvokeAI", "image": {${image}, "width": 512, "height": 640}}`;
  expect(await parametersOf(write.png(text("sd-metadata", metadata)))).toEqual({
    ...{ program: "InvokeAI", prompt: "a boat, (sea)", negative: "ugly, text", seed: "3", steps: 30, cfg: 7.5 },
    ...{ sampler: "k_euler", width: 512, height: 640 },
  });
});

it("reads what InvokeAI wrote", async () => {
  const metadata = `{"positive_prompt": "a boat", "negative_prompt": "", "seed": 3, "steps": 30, "cfg_scale": 7, "scheduler": "euler", "width": 512, "height": 640, "model": {"name": "sdxl"}}`;
  expect(await parametersOf(write.png(text("invokeai_metadata", metadata)))).toEqual({
    ...{ program: "InvokeAI", prompt: "a boat", negative: "", seed: "3", steps: 30, cfg: 7, sampler: "euler" },
    ...{ width: 512, height: 640 },
  });
});

it("reads what SwarmUI wrote", async () => {
  const metadata = `{"sui_image_params": {"prompt": "a boat", "negativeprompt": "ugly", "seed": 9007199254740993, "steps": 20, "cfgscale": 7.0, "sampler": "euler", "width": 1024, "height": 1024}}`;
  expect(await parametersOf(write.png(text("parameters", metadata)))).toEqual({
    ...{ program: "SwarmUI", prompt: "a boat", negative: "ugly", seed: "9007199254740993", steps: 20, cfg: 7 },
    ...{ sampler: "euler", width: 1024, height: 1024 },
  });
});

it("reads what NovelAI wrote", async () => {
  const comment = `{"prompt": "a boat", "steps": 28, "height": 1216, "width": 832, "scale": 5.0, "uc": "lowres", "seed": 4, "sampler": "k_euler_ancestral"}`;
  const answer = await parametersOf(write.png(text("Software", "NovelAI V4"), text("Comment", comment)));
  expect(answer).toEqual({
    ...{ program: "NovelAI", prompt: "a boat", negative: "lowres", seed: "4", steps: 28, cfg: 5 },
    ...{ sampler: "k_euler_ancestral", width: 832, height: 1216 },
  });
});

it("gives the graph and the settings of a picture that carries both", async () => {
  const data = write.png(text("prompt", write.graph), text("parameters", "a boat\nSteps: 4"));
  const answer = await readWorkflowFile(new Blob([data]));
  expect(answer).toMatchObject({ prompt: write.graph, parameters: { prompt: "a boat", steps: 4 } });
});

it.each(["", "{", "a boat", '{"sui_image_params": 3}', '{"a": 1}'])("takes %j for no settings", async (value) => {
  const answer = readWorkflowFile(new Blob([write.png(text("parameters", value))]));
  await expect(answer).rejects.toMatchObject({ fault: "NO_WORKFLOW" });
});
