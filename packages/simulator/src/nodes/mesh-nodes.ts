import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { encodeCube } from "../media/glb.ts";
import type { Site } from "../site/site.ts";
import { inputPath, load } from "./file-nodes.ts";
import { type Latent, latentOf } from "./latent.ts";
import { NodeFailure, type NodeLibrary, numberOf, textOf, type Values } from "./node-type.ts";
import { embeddedTexts, saveFile } from "./saving.ts";

/** What VOXEL and MESH links carry. */
interface Shapes {
  readonly shapes: number;
}

/** What links carry of a 3D file, whatever its format. */
interface File3d {
  readonly format: string;
  readonly bytes: Buffer;
}

const isFile3d = (value: unknown): value is File3d => typeof value === "object" && value !== null && "format" in value;

const files3d = ["FILE_3D", ...["GLB", "GLTF", "FBX", "OBJ", "STL", "USDZ"].map((format) => `FILE_3D_${format}`)];

/** What Load3D lists: the models below the folder `3d` of the input folder, by their paths from there. */
function modelFiles({ folders }: Site): string[] {
  const root = join(folders.path("input"), "3d");
  const names = existsSync(root) ? readdirSync(root, { recursive: true }).map(String) : [];
  return names
    .filter((name) => /\.(gltf|glb|obj|fbx|stl|spz|splat|ply|ksplat)$/i.test(name))
    .map((name) => `3d/${name}`)
    .sort();
}

/** 3D: always a cube, in a real file, or the file that was loaded. Written after ComfyUI's source; no recording has them. */
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
  Load3D: {
    displayName: "Load 3D & Animation",
    category: "3d",
    inputs: (site) => ({
      required: {
        model_file: ["COMBO", { options: modelFiles(site), multiselect: false, file_upload: true }],
        // What ComfyUI's page draws of the model: the names of its files.
        image: ["LOAD_3D", {}],
        width: ["INT", { default: 1024, min: 1, max: 4096, step: 1 }],
        height: ["INT", { default: 1024, min: 1, max: 4096, step: 1 }],
      },
    }),
    outputs: ["IMAGE", "MASK", "STRING", "IMAGE", "LOAD3D_CAMERA", "VIDEO", "FILE_3D"],
    outputNames: ["image", "mask", "mesh_path", "normal", "camera_info", "recording_video", "model_3d"],
    run: async ({ model_file, image }, context) => {
      const drawn = typeof image === "object" && image !== null ? (image as Values) : {};
      const [picture, mask, normal] = await Promise.all(
        [drawn.image, drawn.mask, drawn.normal].map((name) => load({ image: name }, context)),
      );
      const path = inputPath(model_file, context);
      if (path === null)
        throw new NodeFailure("FileNotFoundError", `[Errno 2] No such file or directory: '${model_file}'`);
      const file: File3d = { format: extname(path).slice(1), bytes: await readFile(path) };
      const camera = drawn.camera_info ?? null;
      return {
        values: [picture?.values[0], mask?.values[1], model_file, normal?.values[0], camera, null, file],
      };
    },
  },
  SaveGLB: {
    category: "3d",
    inputs: () => ({
      required: { mesh: [`MESH,${files3d.join(",")}`], filename_prefix: ["STRING", { default: "mesh/ComfyUI" }] },
      hidden: { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" },
    }),
    outputs: [],
    outputNode: true,
    run: async ({ mesh, filename_prefix }, context) => {
      if (isFile3d(mesh)) {
        const ending = `_.${mesh.format}`;
        const one = await saveFile(context, "output", textOf(filename_prefix), ending, mesh.bytes);
        return { values: [], ui: { "3d": [one] } };
      }
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
