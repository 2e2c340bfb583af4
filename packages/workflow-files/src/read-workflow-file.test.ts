import { openAsBlob } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseGraphText } from "@darkroom/contracts";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readWorkflowFile, WorkflowFileError } from "./index.ts";
import { counted } from "./testing/fuzz.ts";
import { savedFiles, sentGraphs, writtenFiles } from "./testing/samples.ts";
import * as write from "./testing/writers.ts";

const { graph, asciiGraph, editorGraph, bytes } = write;

const read = (data: Uint8Array<ArrayBuffer> | string) => readWorkflowFile(new Blob([data]));

/** The error that reading ends with. */
async function refusal(data: Uint8Array<ArrayBuffer> | string): Promise<WorkflowFileError> {
  const answer = await read(data).catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(WorkflowFileError);
  return answer as WorkflowFileError;
}

/** What a graph says, without what decorates it. */
function nodesOf(text: string | undefined): unknown {
  const parsed = parseGraphText(text ?? "null") as Record<string, { class_type: string; inputs: unknown }>;
  return Object.fromEntries(Object.entries(parsed).map(([id, { class_type, inputs }]) => [id, { class_type, inputs }]));
}

const withGraphs = savedFiles.filter(({ name }) => name in sentGraphs);

it.each(withGraphs)(
  "finds the graph and the editor's document that a real server saved in $name",
  async ({ name, data }) => {
    const { prompt, workflow } = await read(data);
    expect(nodesOf(prompt)).toEqual(sentGraphs[name]);
    expect(parseGraphText(workflow ?? "")).toHaveProperty("nodes");
  },
);

it.each(writtenFiles())("reads every digit and letter of the graph in $name", async ({ data }) => {
  const { prompt } = await read(data);
  expect([graph, asciiGraph]).toContain(prompt);
});

it.each(["jpeg", "webp", "avif", "png"] as const)(
  "reads the EXIF that another program wrote into a %s",
  async (format) => {
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } });
    const data = await picture
      .withExif({ IFD0: { Model: `prompt:${asciiGraph}` } })
      [format]()
      .toBuffer();
    expect((await read(new Uint8Array(data))).prompt).toBe(asciiGraph);
  },
);

it("reads the comment behind the frames of a GIF that another program wrote", async () => {
  const noise = { type: "gaussian", mean: 128, sigma: 90 } as const;
  const data = await sharp({ create: { width: 300, height: 300, channels: 3, background: "red", noise } })
    .gif()
    .toBuffer();
  const own = write.gif(asciiGraph);
  const comment = own.subarray(own.indexOf(0xfe) - 1);
  expect((await read(bytes(new Uint8Array(data.subarray(0, -1)), comment))).prompt).toBe(asciiGraph);
});

it("reads what follows the sound of a WAV, and nothing of one whose sound has no stated length", async () => {
  const sound = (length: number[]) => bytes("RIFF", write.u32(0), "WAVEdata", length, "abcd");
  const info = write.riffChunk("LIST", "INFO", write.riffChunk("ICMT", write.utf8(graph)));
  expect((await read(bytes(sound(write.little(write.u32(4))), info))).prompt).toBe(graph);
  expect(await refusal(bytes(sound([255, 255, 255, 255]), info))).toMatchObject({ fault: "NO_WORKFLOW", kind: "WAV" });
});

it("reads the comments of a FLAC behind an ID3 tag", async () => {
  const sound = write.flac(write.vorbisComments({ prompt: graph }));
  const tag = write.id3(4, [["TIT2", "\x03Title"]]).subarray(0, -2);
  expect((await read(bytes(tag, sound))).prompt).toBe(graph);
});

it.each([
  ["nothing", graph],
  ["the body of a request", `{"prompt": ${graph}, "client_id": "x"}`],
  ["a text in an object", JSON.stringify({ prompt: graph })],
  ["a service's request", `{"input": {"workflow": ${graph}}}`],
  ["what an editor exports", `{"output": ${graph}, "workflow": {}}`],
])("finds a graph wrapped in %s", async (_, text) => {
  expect((await read(text)).prompt).toBe(graph);
});

it.each([
  ["nothing", editorGraph],
  ["an object", `{"workflow": ${editorGraph}}`],
  ["a service's request", `{"input": {"workflow": ${editorGraph}}}`],
  ["extra data", `{"extra_data": {"extra_pnginfo": {"workflow": ${editorGraph}}}}`],
])("finds an editor's document wrapped in %s", async (_, text) => {
  expect(await read(text)).toMatchObject({ workflow: editorGraph, source: { kind: "JSON" } });
});

it("gives both of a request that carries both", async () => {
  const text = `{"prompt": ${graph}, "extra_data": {"extra_pnginfo": {"workflow": ${editorGraph}}}}`;
  expect(await read(text)).toMatchObject({ prompt: graph, workflow: editorGraph });
});

it("takes a graph's node for nothing else, whatever its id", async () => {
  const text = `{"prompt": {"class_type": "A", "inputs": {}}, "workflow": {"class_type": "B", "inputs": {}}}`;
  expect(await read(text)).toMatchObject({ prompt: text });
});

it("reads a tag of an M4A that brings its name with it", async () => {
  const named = (name: string, text: string) =>
    write.box(
      "----",
      ...[write.box("mean", write.u32(0), "com.apple.iTunes"), write.box("name", write.u32(0), name)],
      write.box("data", write.u32(1), write.u32(0), write.utf8(text)),
    );
  const list = write.box("ilst", named("lyrics", "{}"), named("prompt", graph));
  const meta = write.box("meta", write.u32(0), write.box("hdlr", write.u32(0), write.u32(0), "mdir"), list);
  const data = bytes(write.box("ftyp", "M4A "), write.box("moov", write.box("udta", meta)));
  expect(await readWorkflowFile(new Blob([data]))).toMatchObject({ prompt: graph });
});

it("gives any graph exactly as it was written, from JSON and from a picture", async () => {
  const node = fc.record({ class_type: fc.string(), inputs: fc.dictionary(fc.string(), fc.jsonValue()) });
  const graphs = fc.dictionary(fc.string(), node, { minKeys: 1 });
  await fc.assert(
    fc.asyncProperty(graphs, fc.constantFrom(0, 2), async (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect((await read(text)).prompt).toBe(text);
      expect((await read(`{"x": "{", "prompt": ${text}, "y": []}`)).prompt).toBe(text);
      const picture = write.png(write.pngChunk("iTXt", "prompt\0\0\0\0\0", write.utf8(text)));
      expect((await read(picture)).prompt).toBe(text);
    }),
    { numRuns: 60 },
  );
});

describe("a video of 200 MB", () => {
  const moov = write.box("moov", write.box("udta", write.mdtaMeta({ prompt: graph })));
  const length = 200_000_000;
  const start = bytes(write.box("ftyp", "isom"), write.u32(length), "mdat");
  const cluster = bytes("\x1fC\xb6\x75", write.u32(0x10000000 + length));
  const segment = bytes(
    write.element("1a45dfa3", write.element("4282", "webm")),
    "\x18S\x80\x67\x01",
    new Uint8Array(7).fill(255),
  );
  const tags = bytes(write.matroskaTags({ PROMPT: graph }));

  it.each([
    ["MP4 whose index comes last", start, start.length - 8 + length, moov],
    ["WebM whose tags come last", bytes(segment, cluster), segment.length + cluster.length + length, tags],
  ])("is read by its ends: an %s", async (_, head, tailAt, tail) => {
    const folder = await mkdtemp(join(tmpdir(), "darkroom-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "video");
    const file = await open(path, "w");
    await file.write(head, 0, head.length, 0);
    await file.write(tail, 0, tail.length, tailAt);
    await file.close();
    const video = counted(await openAsBlob(path));
    expect((await readWorkflowFile(video)).prompt).toBe(graph);
    expect(video.size).toBeGreaterThan(length);
    expect(video.bytesRead()).toBeLessThan(32 * 1024);
  });
});

it("still gives what stands before the place where a download broke off", async () => {
  for (const { name, data } of withGraphs.filter(
    ({ name }) => /\.(png|webm|flac|mp3)$/.test(name) && !name.startsWith("apng"),
  )) {
    expect(nodesOf((await read(data.subarray(0, data.length - 20))).prompt)).toEqual(sentGraphs[name]);
  }
});

describe("says what is wrong, where, and what to do", () => {
  it.each([
    ["an empty file", "", "UNKNOWN_KIND", /^file, first bytes: the file is empty\. Drop a JSON/],
    [
      "a picture of a kind that holds no text",
      "8BPS picture",
      "NO_WORKFLOW",
      /^PSD, .* no workflow is written into such/,
    ],
    [
      "an archive",
      "PK\x03\x04 files",
      "UNKNOWN_KIND",
      /^ZIP, .* an archive; take what is in it out first\. Drop a JSON/,
    ],
    ["a text", "a boat", "UNKNOWN_KIND", /not one that can carry a workflow\. Drop/],
    ["JSON that is cut off", '{"3": {"class_type"', "DAMAGED", /^JSON, text: its text is no JSON \(/],
    [
      "JSON in Latin-1",
      Buffer.from('{"3": {"class_type": "Schloß"}}', "latin1"),
      "DAMAGED",
      /^JSON, text: it is neither UTF-8 nor UTF-16\. /,
    ],
    [
      "JSON without a workflow",
      '{"a": 1}',
      "NO_WORKFLOW",
      /^JSON, whole file: it carries no workflow\. ComfyUI writes/,
    ],
    ["a picture without one", write.png(), "NO_WORKFLOW", /^PNG, /],
    [
      "a prompt that is no JSON",
      write.png(write.pngChunk("tEXt", "prompt\0{oh")),
      "DAMAGED",
      /^PNG, chunk tEXt at byte 33: its text is no JSON/,
    ],
    [
      "a cut picture",
      write.png().subarray(0, 40),
      "DAMAGED",
      /^PNG, chunk at byte 33: it ends at byte 41, and the file at byte 40\. The file is damaged/,
    ],
    [
      "a chunk beyond the end",
      write.png(bytes(write.u32(4_000_000_000), "tEXtprompt\0")),
      "DAMAGED",
      /^PNG, chunk tEXt at byte 33: it ends at byte 4000000045, and the file/,
    ],
    [
      "a box without a length",
      bytes(write.box("ftyp", "isom"), write.u32(3), "moov"),
      "DAMAGED",
      /^MP4, box moov at byte 12: its length of 3 is less than its head/,
    ],
    [
      "a box larger than its parent",
      bytes(write.box("ftyp", "isom"), write.box("moov", write.u32(99), "udta")),
      "DAMAGED",
      /^MP4, box udta at byte 20 in moov: it ends at byte 119, after what holds it/,
    ],
    [
      "a directory outside of its block",
      write.webp(bytes("MM\0*", write.u32(999))),
      "DAMAGED",
      /^WebP, chunk EXIF at byte 24: its directory is at byte 999 of 8/,
    ],
    [
      "a text larger than its list",
      write.riff("WAVE", ["LIST", bytes("INFOICMT", write.little(write.u32(9)), "abcd")], ["data", "sound"]),
      "DAMAGED",
      /^WAV, chunk ICMT at byte 24 in INFO: it ends after what holds it \(36\)/,
    ],
    [
      "a comment too long",
      write.gif(new Uint8Array(9_000_000).fill(32)),
      "TOO_LARGE",
      /^GIF, block at byte 48: its comment has more than 8388608 bytes/,
    ],
    [
      "half a head of a large one",
      bytes("II+\0\x08\0\0\0"),
      "DAMAGED",
      /^TIFF, directory: it is shorter than a BigTIFF head/,
    ],
    [
      "a large directory outside of its file",
      bytes("MM\0+\0\x08\0\0", new Uint8Array(6), write.u16(999)),
      "DAMAGED",
      /^TIFF, directory: its directory is at byte 999 of 16/,
    ],
    [
      "metadata that only seem to be compressed",
      write.jxl(write.box("brob", "Exif no Brotli")),
      "DAMAGED",
      /^JXL, box brob at byte 32: its compressed text can't be decompressed/,
    ],
    ["a page that is none", bytes("OggS", new Uint8Array(23), "zzz"), "DAMAGED", /^Ogg, page at byte 27/],
    [
      "comments without an end",
      write.flac(bytes(write.little(write.u32(0)), write.little(write.u32(9)))),
      "DAMAGED",
      /^FLAC, block 4 at byte 12: it ends before comment 1 of 9/,
    ],
    [
      "a text too long",
      write.png(write.pngChunk("tEXt", "prompt\0", new Uint8Array(9_000_000))),
      "TOO_LARGE",
      /^PNG, chunk tEXt at byte 33: it has 9000007 bytes; 8388608 are the most\. Use the JSON/,
    ],
    [
      "too many blocks",
      write.png(bytes(...Array.from<Uint8Array>({ length: 100_001 }).fill(write.pngChunk("tEXt")))),
      "TOO_LARGE",
      /more than 100000 blocks/,
    ],
  ] as const)("of %s", async (_, data, fault, message) => {
    const error = await refusal(data);
    expect(error.message).toMatch(message);
    expect(error.fault).toBe(fault);
  });

  it("of a compressed text that would fill the memory, after some megabytes of it", async () => {
    const zeros = write.deflate(new Uint8Array(100_000_000));
    const error = await refusal(write.png(write.pngChunk("zTXt", "prompt\0\0", zeros)));
    expect(error).toMatchObject({ fault: "TOO_LARGE", rule: expect.stringContaining("once decompressed") });
  });

  it("of compressed metadata that would fill the memory, before they do; of several the first is read", async () => {
    const zeros = write.brob("Exif", new Uint8Array(20_000_000));
    expect(await refusal(write.jxl(zeros))).toMatchObject({
      fault: "TOO_LARGE",
      rule: expect.stringContaining("once decompressed"),
    });
    const other = write.brob("Exif", write.u32(0), write.tiff([]));
    const second = write.brob("Exif", write.u32(0), write.tiff([[0x0110, `prompt:${asciiGraph}`]]));
    expect(await refusal(write.jxl(other, second))).toMatchObject({ fault: "NO_WORKFLOW" });
  });

  it("of compressed metadata where the browser has no decompressor for them", async () => {
    vi.stubGlobal(
      "DecompressionStream",
      class {
        constructor(format: string) {
          throw new TypeError(`Unsupported compression format: ${format}`);
        }
      },
    );
    onTestFinished(() => void vi.unstubAllGlobals());
    const exif = bytes(write.u32(0), write.tiff([[0x0110, `prompt:${asciiGraph}`]]));
    const compressed = write.brob("Exif", exif);
    const error = await refusal(write.jxl(compressed));
    expect(error.message).toMatch(
      /^JXL, box brob .* Brotli, which this browser can't decompress\. .* Drop the original file/,
    );
    expect((await read(write.jxl(compressed, write.box("Exif", exif)))).prompt).toBe(asciiGraph);
  });

  it("of many texts that are large together", async () => {
    const text = write.pngChunk("zTXt", "comment\0\0", write.deflate(new Uint8Array(8_000_000)));
    expect(await refusal(write.png(text, text, text))).toMatchObject({ fault: "TOO_LARGE" });
  });

  it("of a table of boxes that leads back to itself", async () => {
    const seek = write.element(
      "114d9b74",
      write.element("4dbb", write.element("53ab", [0x12, 0x54, 0xc3, 0x67]), write.element("53ac", [0])),
    );
    expect(await refusal(write.matroska(seek, write.element("1f43b675", "x")))).toMatchObject({ fault: "NO_WORKFLOW" });
  });

  it("of a file that was changed after it was chosen", async () => {
    const slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) });
    const answer = readWorkflowFile({ size: 100, slice: slice as unknown as Blob["slice"] });
    await expect(answer).rejects.toMatchObject({
      fault: "UNREADABLE",
      message: expect.stringMatching(/choose it again/),
    });
  });
});
