import { blurred, type Raster, resize } from "../painting/raster.ts";
import { type Latent, latentOf, modelOf } from "./latent.ts";
import { NodeFailure, type NodeLibrary, numberOf, picturesOf, textOf } from "./node-type.ts";
import { emptyFrames } from "./sampling.ts";
import { embeddedTexts, saveFile } from "./saving.ts";

const loraStrength = { default: 1.0, min: -100.0, max: 100.0, step: 0.01 };

/** Loaders, encoders and latents. */
export const modelNodes: NodeLibrary = {
  CheckpointLoaderSimple: {
    displayName: "Load Checkpoint",
    description: "Loads a diffusion model checkpoint, diffusion models are used to denoise latents.",
    category: "model/loaders",
    inputs: ({ models }) => ({
      required: {
        ckpt_name: [models.checkpoints ?? [], { tooltip: "The name of the checkpoint (model) to load." }],
      },
    }),
    outputs: ["MODEL", "CLIP", "VAE"],
    run: async ({ ckpt_name }, context) => {
      const model = { name: textOf(ckpt_name) };
      await context.useModel("checkpoint", model.name);
      return { values: [model, model, model] };
    },
  },
  LoraLoader: {
    displayName: "Load LoRA (Model and CLIP)",
    description:
      "This LoRA loader is used to modify both diffusion and CLIP models, altering the way in which latents are denoised such as applying styles. Multiple LoRA nodes can be linked together.",
    category: "model/loaders",
    inputs: ({ models }) => ({
      required: {
        model: ["MODEL", { tooltip: "The diffusion model the LoRA will be applied to." }],
        clip: ["CLIP", { tooltip: "The CLIP model the LoRA will be applied to." }],
        lora_name: [models.loras ?? [], { tooltip: "The name of the LoRA." }],
        strength_model: [
          "FLOAT",
          { ...loraStrength, tooltip: "How strongly to modify the diffusion model. This value can be negative." },
        ],
        strength_clip: [
          "FLOAT",
          { ...loraStrength, tooltip: "How strongly to modify the CLIP model. This value can be negative." },
        ],
      },
    }),
    outputs: ["MODEL", "CLIP"],
    // It stays in memory with its model; the pictures differ by its name.
    run: ({ model, clip, lora_name, strength_model }) => {
      const { name } = modelOf(model);
      return { values: [{ name, style: `${textOf(lora_name)} ${numberOf(strength_model, 1)}` }, clip] };
    },
  },
  UpscaleModelLoader: {
    displayName: "Load Upscale Model",
    category: "model/loaders",
    inputs: ({ models }) => ({ required: { model_name: [models.upscale_models ?? [], {}] } }),
    outputs: ["UPSCALE_MODEL"],
    run: ({ model_name }) => ({ values: [{ name: textOf(model_name) }] }),
  },
  CLIPTextEncode: {
    displayName: "CLIP Text Encode (Prompt)",
    description:
      "Encodes a text prompt using a CLIP model into an embedding that can be used to guide the diffusion model towards generating specific images.",
    category: "model/conditioning",
    inputs: () => ({
      required: {
        text: ["STRING", { multiline: true, dynamicPrompts: true, tooltip: "The text to be encoded." }],
        clip: ["CLIP", { tooltip: "The CLIP model used for encoding the text." }],
      },
    }),
    outputs: ["CONDITIONING"],
    run: ({ text }) => ({ values: [{ text: textOf(text) }] }),
  },
  EmptyLatentImage: {
    displayName: "Empty Latent Image",
    description: "Create a new batch of empty latent images to be denoised via sampling.",
    category: "model/latent",
    inputs: () => ({
      required: {
        width: [
          "INT",
          { default: 512, min: 16, max: 16384, step: 8, tooltip: "The width of the latent images in pixels." },
        ],
        height: [
          "INT",
          { default: 512, min: 16, max: 16384, step: 8, tooltip: "The height of the latent images in pixels." },
        ],
        batch_size: ["INT", { default: 1, min: 1, max: 4096, tooltip: "The number of latent images in the batch." }],
      },
    }),
    outputs: ["LATENT"],
    run: ({ width, height, batch_size }) => {
      const count = numberOf(batch_size, 1);
      const latent: Latent = {
        width: eighths(numberOf(width)),
        height: eighths(numberOf(height)),
        count,
        frames: null,
        mask: null,
      };
      return { values: [latent] };
    },
  },
  SaveLatent: {
    displayName: "Save Latent",
    category: "experimental/latent",
    inputs: () => ({
      required: { samples: ["LATENT"], filename_prefix: ["STRING", { default: "latents/ComfyUI" }] },
      hidden: { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" },
    }),
    outputs: [],
    outputNode: true,
    run: async ({ samples, filename_prefix }, context) => {
      const file = safetensors(latentOf(samples), embeddedTexts(context));
      return {
        values: [],
        ui: { latents: [await saveFile(context, "output", textOf(filename_prefix), "_.latent", file)] },
      };
    },
  },
  VAEDecode: {
    displayName: "VAE Decode",
    description: "Decodes latent images back into pixel space images.",
    category: "model/latent",
    inputs: () => ({
      required: {
        samples: ["LATENT", { tooltip: "The latent to be decoded." }],
        vae: ["VAE", { tooltip: "The VAE model used for decoding the latent." }],
      },
    }),
    outputs: ["IMAGE"],
    run: ({ samples }) => {
      const latent = latentOf(samples);
      return { values: [{ frames: latent.frames ?? emptyFrames(latent) }] };
    },
  },
  VAEEncode: {
    displayName: "VAE Encode",
    category: "model/latent",
    inputs: () => ({ required: { pixels: ["IMAGE"], vae: ["VAE"] } }),
    outputs: ["LATENT"],
    run: async ({ pixels }) => ({ values: [await encode(picturesOf(pixels), null)] }),
  },
  VAEEncodeForInpaint: {
    displayName: "VAE Encode (for Inpainting)",
    category: "model/latent/inpaint",
    inputs: () => ({
      required: {
        pixels: ["IMAGE"],
        vae: ["VAE"],
        mask: ["MASK"],
        grow_mask_by: ["INT", { default: 6, min: 0, max: 64, step: 1 }],
      },
    }),
    outputs: ["LATENT"],
    run: async ({ pixels, mask, grow_mask_by }) => {
      const grown = await grow(maskOf(mask), numberOf(grow_mask_by));
      return { values: [await encode(picturesOf(pixels), grown)] };
    },
  },
  SetLatentNoiseMask: {
    displayName: "Set Latent Noise Mask",
    category: "model/latent/inpaint",
    inputs: () => ({ required: { samples: ["LATENT"], mask: ["MASK"] } }),
    outputs: ["LATENT"],
    run: ({ samples, mask }) => ({ values: [{ ...latentOf(samples), mask: maskOf(mask) } satisfies Latent] }),
  },
  ImageUpscaleWithModel: {
    displayName: "Upscale Image (using Model)",
    category: "image/upscaling",
    inputs: () => ({ required: { upscale_model: ["UPSCALE_MODEL"], image: ["IMAGE"] } }),
    outputs: ["IMAGE"],
    run: async ({ upscale_model, image }, context) => {
      const { name } = modelOf(upscale_model);
      const factor = Number(/(\d)x/i.exec(name)?.[1] ?? 4);
      await context.useModel("upscaler", name);
      const frames: Raster[] = [];
      const tiles = 4;
      for (const [index, frame] of picturesOf(image).entries()) {
        const enlarging = resize(frame, frame.width * factor, frame.height * factor, { kernel: "lanczos3" });
        for (let tile = 1; tile <= tiles; tile += 1) {
          await context.sleep(context.stepMs() / 2);
          await context.progress(index * tiles + tile, picturesOf(image).length * tiles);
        }
        frames.push(await enlarging);
      }
      return { values: [{ frames }] };
    },
  },
};

/** @throws NodeFailure with what ComfyUI's own code says of anything else */
export function maskOf(value: unknown): Raster {
  if (typeof value === "object" && value !== null && "channels" in value && value.channels === 1)
    return value as Raster;
  throw new NodeFailure("AttributeError", "'NoneType' object has no attribute 'reshape'");
}

function eighths(value: number): number {
  return Math.floor(value / 8) * 8;
}

/** Pictures as a latent that holds them. */
export async function encode(frames: readonly Raster[], mask: Raster | null): Promise<Latent> {
  const first = frames[0];
  if (first === undefined) throw new NodeFailure("IndexError", "list index out of range");
  // The real encoder crops to what the model's grid allows.
  const width = Math.max(8, eighths(first.width));
  const height = Math.max(8, eighths(first.height));
  const fitted = await Promise.all(frames.map((frame) => resize(frame, width, height)));
  return { width, height, count: fitted.length, frames: fitted, mask };
}

async function grow(mask: Raster, pixels: number): Promise<Raster> {
  if (pixels === 0) return mask;
  const spread = await blurred(mask, pixels);
  return { ...spread, data: Buffer.from(spread.data.map((value) => (value > 16 ? 255 : 0))) };
}

/** An empty latent, as a model of four channels has it: nothing here reads one back. */
function safetensors({ width, height, count }: Latent, texts: Readonly<Record<string, string>>): Buffer {
  const shape = [count, 4, height / 8, width / 8];
  const bytes = shape.reduce((product, side) => product * side, 4);
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: texts,
      latent_tensor: { dtype: "F32", shape, data_offsets: [0, bytes] },
      latent_format_version_0: { dtype: "F32", shape: [0], data_offsets: [bytes, bytes] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(bytes)]);
}
