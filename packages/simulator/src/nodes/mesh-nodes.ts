import { encodeCube } from "../media/glb.ts";
import { type Latent, latentOf } from "./latent.ts";
import { NodeFailure, type NodeLibrary, numberOf, textOf } from "./node-type.ts";
import { embeddedTexts, saveFile } from "./saving.ts";

/** What VOXEL and MESH links carry. */
interface Shapes {
  readonly shapes: number;
}

/** 3D: always a cube, in a real file. Written after ComfyUI's source; no recording has them. */
export const meshNodes: NodeLibrary = {
  EmptyLatentHunyuan3Dv2: {
    category: "latent/3d",
    inputs: () => ({
      required: {
        resolution: ["INT", { default: 3072, min: 1, max: 8192 }],
        batch_size: ["INT", { default: 1, min: 1, max: 4096 }],
      },
    }),
    outputs: ["LATENT"],
    run: ({ batch_size }) => {
      const latent: Latent = { width: 1, height: 1, count: numberOf(batch_size), frames: null, mask: null };
      return { values: [latent] };
    },
  },
  VAEDecodeHunyuan3D: {
    category: "latent/3d",
    inputs: () => ({
      required: {
        samples: ["LATENT"],
        vae: ["VAE"],
        num_chunks: ["INT", { default: 8000, min: 1000, max: 500000 }],
        octree_resolution: ["INT", { default: 256, min: 16, max: 512 }],
      },
    }),
    outputs: ["VOXEL"],
    run: ({ samples }) => ({ values: [{ shapes: latentOf(samples).count } satisfies Shapes] }),
  },
  VoxelToMeshBasic: {
    category: "3d",
    inputs: () => ({
      required: { voxel: ["VOXEL"], threshold: ["FLOAT", { default: 0.6, min: -1.0, max: 1.0, step: 0.01 }] },
    }),
    outputs: ["MESH"],
    run: ({ voxel }) => ({ values: [{ shapes: shapesOf(voxel) } satisfies Shapes] }),
  },
  SaveGLB: {
    category: "3d",
    inputs: () => ({
      required: { mesh: ["MESH"], filename_prefix: ["STRING", { default: "mesh/ComfyUI" }] },
      hidden: { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" },
    }),
    outputs: [],
    outputNode: true,
    run: async ({ mesh, filename_prefix }, context) => {
      const saved = [];
      for (let left = shapesOf(mesh); left > 0; left -= 1) {
        const file = encodeCube(embeddedTexts(context));
        saved.push(await saveFile(context, "output", textOf(filename_prefix), "_.glb", file));
      }
      return { values: [], ui: { "3d": saved } };
    },
  },
};

function shapesOf(value: unknown): number {
  if (typeof value === "object" && value !== null && "shapes" in value) return numberOf(value.shapes);
  throw new NodeFailure("AttributeError", "'NoneType' object has no attribute 'vertices'");
}
