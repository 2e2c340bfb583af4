import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSimulator, type Simulator } from "../simulator.ts";
import { type Ended, runGraph } from "../testing/run-graph.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await createSimulator({ speed: 100 });
});

afterAll(() => simulator.close());

const batch = { class_type: "ProbeBatch", inputs: { count: 6, width: 64, height: 48 } };
const sound = { class_type: "EmptyAudio", inputs: { duration: 0.5, sample_rate: 44100, channels: 2 } };

async function fileOf({ outputs }: Ended, kind: string): Promise<{ name: string; type: string | null; bytes: Buffer }> {
  const [saved] = (outputs.save?.[kind] ?? []) as { filename: string; subfolder: string; type: string }[];
  if (saved === undefined) throw new Error(`no ${kind} in ${JSON.stringify(outputs)}`);
  const response = await fetch(`${simulator.url}/view?${new URLSearchParams({ ...saved })}`);
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { name: saved.filename, type: response.headers.get("content-type"), bytes };
}

describe("a saved file is what its name and its type say", () => {
  it.each([
    { format: "mp4", type: "video/mp4", at: 4, magic: "ftypisom" },
    { format: "auto", type: "video/mp4", at: 4, magic: "ftypisom" },
    { format: "webm", type: "video/webm", at: 0, magic: "\x1aE\xdf\xa3" },
    { format: "mkv", type: "video/x-matroska", at: 0, magic: "\x1aE\xdf\xa3" },
  ])("SaveVideo as $format", async ({ format, type, at, magic }) => {
    const ended = await runGraph(simulator, {
      frames: batch,
      video: { class_type: "CreateVideo", inputs: { images: ["frames", 0], fps: 6 } },
      save: { class_type: "SaveVideo", inputs: { video: ["video", 0], filename_prefix: "video/v", format } },
    });
    expect(ended.outputs.save).toMatchObject({ images: [{ subfolder: "video", type: "output" }], animated: [true] });
    const file = await fileOf(ended, "images");
    expect(file.type).toBe(type);
    expect(file.bytes.toString("latin1", at, at + magic.length)).toBe(magic);
  });

  it("SaveVideo's MP4 says where its frames are, and they are there", async () => {
    const ended = await runGraph(simulator, {
      frames: batch,
      video: { class_type: "CreateVideo", inputs: { images: ["frames", 0], fps: 6 } },
      save: { class_type: "SaveVideo", inputs: { video: ["video", 0], filename_prefix: "v", format: "mp4" } },
    });
    const { bytes } = await fileOf(ended, "images");
    const chunk = bytes.readUInt32BE(bytes.indexOf("stco") + 12);
    const count = bytes.readUInt32BE(bytes.indexOf("stsz") + 12);
    expect(count).toBe(6);
    let at = chunk;
    for (let frame = 0; frame < count; frame += 1) {
      // An instantaneous refresh: every frame can be shown by itself.
      expect(bytes[at + 4]).toBe(0x65);
      at += 4 + bytes.readUInt32BE(at);
    }
    expect(at).toBe(bytes.length);
  });

  it("SaveSVGNode's drawing has the words that it was made of, and carries the graph", async () => {
    const graph = {
      drawing: { class_type: "ProbeSVG", inputs: { text: "a & <b>" } },
      save: { class_type: "SaveSVGNode", inputs: { svg: ["drawing", 0], filename_prefix: "svg/s" } },
    };
    const { name, bytes } = await fileOf(await runGraph(simulator, graph), "images");
    expect(name).toBe("s_00001_.svg");
    expect(bytes.toString()).toMatch(
      /^<svg [^>]+><metadata><!\[CDATA\[.*<text [^>]+>a &amp; &lt;b&gt;<\/text><\/svg>$/s,
    );
    const [, metadata = ""] = /CDATA\[(.*?)\]\]>/s.exec(bytes.toString()) ?? [];
    expect(JSON.parse(metadata).prompt).toMatchObject(graph);
  });

  it("a stand-in gives as many pictures as it is told, each another", async () => {
    const slow = { steps: 1, step_ms: 0, seed: 7, width: 64, height: 48, batch_size: 3, model: "alpha.safetensors" };
    const ended = await runGraph(simulator, {
      pictures: { class_type: "SlowSampler", inputs: slow },
      save: {
        class_type: "SaveAnimatedPNG",
        inputs: { images: ["pictures", 0], filename_prefix: "p", fps: 4, compress_level: 4 },
      },
    });
    const { bytes } = await fileOf(ended, "images");
    expect(bytes.toString("latin1").split("fcTL")).toHaveLength(4);
  });

  it("SaveGLB's file is a cube whose parts are where it says", async () => {
    const ended = await runGraph(simulator, {
      model: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "darkroom-simulator-xl.safetensors" } },
      latent: { class_type: "EmptyLatentHunyuan3Dv2", inputs: { resolution: 3072, batch_size: 1 } },
      voxel: {
        class_type: "VAEDecodeHunyuan3D",
        inputs: { samples: ["latent", 0], vae: ["model", 2], num_chunks: 8000, octree_resolution: 256 },
      },
      mesh: { class_type: "VoxelToMeshBasic", inputs: { voxel: ["voxel", 0], threshold: 0.6 } },
      save: { class_type: "SaveGLB", inputs: { mesh: ["mesh", 0], filename_prefix: "mesh/m" } },
    });
    const { name, bytes } = await fileOf(ended, "3d");
    expect(name).toBe("m_00001_.glb");
    expect([bytes.toString("latin1", 0, 4), bytes.readUInt32LE(8)]).toEqual(["glTF", bytes.length]);
    const length = bytes.readUInt32LE(12);
    const { accessors, bufferViews } = JSON.parse(bytes.toString("utf8", 20, 20 + length));
    const indices = bytes.subarray(20 + length + 8 + bufferViews[1].byteOffset);
    expect(indices.length).toBe(accessors[1].count * 2);
    const named = Array.from({ length: accessors[1].count }, (_, at) => indices.readUInt16LE(at * 2));
    expect(new Set(named).size).toBe(accessors[0].count);
  });

  it("SaveWEBM's frames are the pictures", async () => {
    const ended = await runGraph(simulator, {
      frames: batch,
      save: {
        class_type: "SaveWEBM",
        inputs: { images: ["frames", 0], filename_prefix: "w", codec: "vp9", fps: 6, crf: 32 },
      },
    });
    const { bytes } = await fileOf(ended, "images");
    // The last block, as a WebP again: head of the block, then a key frame to the end of the file.
    const block = bytes.lastIndexOf(Buffer.from([0xa3, 0x01])) + 9 + 4;
    const frame = bytes.subarray(block);
    const webp = Buffer.concat([Buffer.from("RIFF0000WEBPVP8 0000"), frame, Buffer.alloc(frame.length % 2)]);
    webp.writeUInt32LE(webp.length - 8, 4);
    webp.writeUInt32LE(frame.length, 16);
    const { data, info } = await sharp(webp).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 64, height: 48 });
    expect(data[0]).toBeGreaterThan(250);
  });

  it("animated WebP and PNG hold every frame", async () => {
    const animated = await runGraph(simulator, {
      frames: batch,
      save: {
        class_type: "SaveAnimatedWEBP",
        inputs: {
          images: ["frames", 0],
          filename_prefix: "a",
          fps: 6,
          lossless: false,
          quality: 80,
          method: "default",
        },
      },
    });
    const webp = await fileOf(animated, "images");
    expect(webp.type).toBe("image/webp");
    expect(await sharp(webp.bytes, { pages: -1 }).metadata()).toMatchObject({ pages: 6, pageHeight: 48, width: 64 });
    const next = await runGraph(simulator, {
      frames: batch,
      save: {
        class_type: "SaveAnimatedPNG",
        inputs: { images: ["frames", 0], filename_prefix: "a", fps: 6, compress_level: 4 },
      },
    });
    const png = await fileOf(next, "images");
    expect(png).toMatchObject({ name: "a_00002_.png", type: "image/png" });
    expect(png.bytes.readUInt32BE(png.bytes.indexOf("acTL") + 4)).toBe(6);
    expect(png.bytes.toString("latin1").split("fdAT")).toHaveLength(6);
    expect(await sharp(png.bytes).metadata()).toMatchObject({ width: 64, height: 48 });
  });

  it.each([
    { node: "SaveAudio", given: {}, name: /^s_\d{5}\.flac$/, type: "audio/flac", magic: "fLaC" },
    { node: "SaveAudioMP3", given: { quality: "128k" }, name: /^s_\d{5}\.mp3$/, type: "audio/mpeg", magic: "\xff\xfb" },
    { node: "SaveAudioOpus", given: { quality: "64k" }, name: /^s_\d{5}\.opus$/, type: "audio/ogg", magic: "OggS" },
    {
      node: "PreviewAudio",
      given: {},
      name: /^ComfyUI_temp_[a-z]{5}_00001\.flac$/,
      type: "audio/flac",
      magic: "fLaC",
    },
  ])("$node", async ({ node, given, name, type, magic }) => {
    const prefix = node === "PreviewAudio" ? {} : { filename_prefix: "audio/s" };
    const ended = await runGraph(simulator, {
      sound,
      save: { class_type: node, inputs: { audio: ["sound", 0], ...prefix, ...given } },
    });
    const file = await fileOf(ended, "audio");
    expect(file.name).toMatch(name);
    expect(file.type).toBe(type);
    expect(file.bytes.toString("latin1", 0, magic.length)).toBe(magic);
  });

  it("SaveText shows the text and the file that holds it", async () => {
    const ended = await runGraph(simulator, {
      words: { class_type: "PrimitiveString", inputs: { value: "eins\nзwei" } },
      save: {
        class_type: "SaveText",
        inputs: { text: ["words", 0], filename_prefix: "t", format: "txt" },
      },
    });
    expect(ended.outputs.save?.text).toEqual(["eins\nзwei"]);
    const file = await fileOf(ended, "files");
    expect(file).toMatchObject({ name: "t_00001.txt", type: "text/plain" });
    expect(file.bytes.toString()).toBe("eins\nзwei");
  });
});
