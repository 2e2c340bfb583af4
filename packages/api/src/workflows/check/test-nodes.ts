import type { Graph, NodeCatalog, NodeFacts, NodeInfo, NodeInput } from "@darkroom/contracts";
import { type Database, type DescribedBackend, upsertBackend } from "@darkroom/db";

// A small ComfyUI on paper. Only tests import it.

const link = (type: string): NodeInput => ({ type, required: true });
const number = (type: "INT" | "FLOAT", min: number, max: number, more: Partial<NodeInput> = {}): NodeInput => ({
  type,
  required: true,
  min,
  max,
  ...more,
});
const combo: NodeInput = { type: "COMBO", required: true };
const text: NodeInput = { type: "STRING", required: true, multiline: true };

function node(outputs: readonly string[], inputs: NodeFacts["inputs"], more: Partial<NodeFacts> = {}): NodeFacts {
  return { title: "", module: "nodes", outputNode: false, outputs, inputs, ...more };
}

export const testInfo: NodeInfo = {
  CheckpointLoaderSimple: node(["MODEL", "CLIP", "VAE"], { ckpt_name: combo }),
  LoraLoader: node(["MODEL", "CLIP"], { model: link("MODEL"), clip: link("CLIP"), lora_name: combo }),
  CLIPTextEncode: node(["CONDITIONING"], { text, clip: link("CLIP") }),
  ConditioningZeroOut: node(["CONDITIONING"], { conditioning: link("CONDITIONING") }),
  ControlNetApplyAdvanced: node(["CONDITIONING", "CONDITIONING"], {
    positive: link("CONDITIONING"),
    negative: link("CONDITIONING"),
    image: link("IMAGE"),
  }),
  EmptyLatentImage: node(["LATENT"], {
    width: number("INT", 16, 16_384, { step: 8 }),
    height: number("INT", 16, 16_384, { step: 8 }),
    batch_size: number("INT", 1, 4096),
  }),
  KSampler: node(["LATENT"], {
    model: link("MODEL"),
    seed: number("INT", 0, 2 ** 64, { drawn: true }),
    steps: number("INT", 1, 10_000),
    cfg: number("FLOAT", 0, 100, { step: 0.1 }),
    sampler_name: combo,
    scheduler: combo,
    positive: link("CONDITIONING"),
    negative: link("CONDITIONING"),
    latent_image: link("LATENT"),
    denoise: number("FLOAT", 0, 1, { step: 0.01 }),
  }),
  VAEDecode: node(["IMAGE"], { samples: link("LATENT"), vae: link("VAE") }),
  VAEEncode: node(["LATENT"], { pixels: link("IMAGE"), vae: link("VAE") }),
  LoadImage: node(["IMAGE", "MASK"], { image: { ...combo, upload: true } }),
  PrimitiveInt: node(["INT"], { value: number("INT", -(2 ** 53), 2 ** 53) }),
  SaveImage: node(
    ["IMAGE"],
    { images: link("IMAGE"), filename_prefix: { type: "STRING", required: true } },
    { outputNode: true },
  ),
  PreviewImage: node(["IMAGE"], { images: link("IMAGE") }, { outputNode: true }),
  // Choices that are numbers, as custom nodes have them.
  FaceSwap: node(["IMAGE"], {
    image: link("IMAGE"),
    log_level: { ...combo, choices: [0, 1, 2] },
    scale_factor: { ...combo, choices: [1, 2, 4] },
  }),
  RunShell: node(["STRING"], { command: text }, { module: "custom_nodes.terminal", outputNode: true }),
};

const choices: Readonly<Record<string, readonly string[]>> = {
  ckpt_name: ["juggernautXL_ragnarokBy.safetensors", "photo.safetensors"],
  lora_name: ["grain.safetensors"],
  sampler_name: ["euler", "dpmpp_2m"],
  scheduler: ["normal", "karras"],
  log_level: ["0", "1", "2"],
  scale_factor: ["1", "2", "4"],
};

function catalogOf(info: NodeInfo, offered: typeof choices): NodeCatalog {
  return Object.fromEntries(
    Object.entries(info).map(([className, { inputs }]) => [
      className,
      Object.fromEntries(Object.keys(inputs).map((name) => [name, offered[name] ?? null])),
    ]),
  );
}

/** A backend with these nodes; `offered` replaces what its inputs offer. */
export function testBackend(
  backendId = "gpu-1:8188",
  { info = testInfo, offered = {} }: { info?: NodeInfo; offered?: Readonly<Record<string, readonly string[]>> } = {},
): DescribedBackend {
  const catalog = catalogOf(info, { ...choices, ...offered });
  return { backendId, version: "0.33.0", catalogHash: `${backendId} ${JSON.stringify(offered)}`, catalog, info };
}

/** Makes a backend live. */
export async function reportBackend(database: Database, backend = testBackend()): Promise<void> {
  const { backendId, catalog, catalogHash, info } = backend;
  await upsertBackend(database, {
    ...{ backendId, url: `http://${backendId}`, workerId: "w1", state: "up", version: "0.33.0", catalog, catalogHash },
    nodeInfo: info === null ? null : { info, hash: backendId },
    stats: null,
  });
}

/** The graph that every ComfyUI begins with, as `File → Export Workflow (API)` writes it. */
export function exportedGraph(): Graph {
  return {
    "3": {
      class_type: "KSampler",
      inputs: {
        seed: 156_680_208_700_286,
        steps: 20,
        cfg: 8,
        sampler_name: "euler",
        scheduler: "normal",
        denoise: 1,
        model: ["4", 0],
        positive: ["6", 0],
        negative: ["7", 0],
        latent_image: ["5", 0],
      },
      _meta: { title: "KSampler" },
    },
    "4": {
      class_type: "CheckpointLoaderSimple",
      inputs: { ckpt_name: "juggernautXL.safetensors" },
      _meta: { title: "Load Checkpoint" },
    },
    "5": {
      class_type: "EmptyLatentImage",
      inputs: { width: 512, height: 512, batch_size: 1 },
      _meta: { title: "Empty Latent Image" },
    },
    "6": {
      class_type: "CLIPTextEncode",
      inputs: { text: "a glass bottle", clip: ["4", 1] },
      _meta: { title: "CLIP Text Encode (Prompt)" },
    },
    "7": {
      class_type: "CLIPTextEncode",
      inputs: { text: "text, watermark", clip: ["4", 1] },
      _meta: { title: "CLIP Text Encode (Prompt)" },
    },
    "8": { class_type: "VAEDecode", inputs: { samples: ["3", 0], vae: ["4", 2] }, _meta: { title: "VAE Decode" } },
    "9": {
      class_type: "SaveImage",
      inputs: { filename_prefix: "ComfyUI", images: ["8", 0] },
      _meta: { title: "Save Image" },
    },
  };
}
