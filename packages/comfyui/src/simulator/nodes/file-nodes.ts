import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FolderType, isFile, SaveOutsideFolder, splitAnnotated } from "../folders.ts";
import { encodePng, grey, loadImage, loadMask, type Raster } from "../painting/raster.ts";
import { withTextChunks } from "../png-text.ts";
import { toPythonJson } from "../python-json.ts";
import { maskOf } from "./model-nodes.ts";
import { type NodeContext, NodeFailure, type NodeLibrary, type NodeSite, picturesOf, textOf } from "./node-type.ts";

const hidden = { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" };

const loaded = {
  changed: ({ image }: Readonly<Record<string, unknown>>, site: NodeSite) => {
    const path = inputPath(image, site);
    return path === null ? "" : createHash("sha256").update(readFileSync(path)).digest("hex");
  },
  validate: {
    input: "image",
    check: (value: unknown, site: NodeSite) =>
      inputPath(value, site) === null ? `Invalid image file: ${String(value)}` : null,
  },
};

/** Nodes that read and write files. */
export const fileNodes: NodeLibrary = {
  SaveImage: {
    displayName: "Save Image",
    description: "Saves the input images to your ComfyUI output directory.",
    category: "image",
    inputs: () => ({
      required: {
        images: ["IMAGE", { tooltip: "The images to save." }],
        filename_prefix: [
          "STRING",
          {
            default: "ComfyUI",
            tooltip:
              "The prefix for the file to save. This may include formatting information such as %date:yyyy-MM-dd% or %Empty Latent Image.width% to include values from nodes.",
          },
        ],
      },
      hidden,
    }),
    outputs: ["IMAGE"],
    outputNames: ["images"],
    outputNode: true,
    run: async ({ images, filename_prefix }, context) => {
      const saved = await save("output", textOf(filename_prefix), picturesOf(images), context);
      return { values: [images], ui: { images: saved } };
    },
  },
  PreviewImage: {
    displayName: "Preview Image",
    description: "Preview the images without saving them to the ComfyUI output directory.",
    category: "image",
    inputs: () => ({ required: { images: ["IMAGE"] }, hidden }),
    outputs: ["IMAGE"],
    outputNames: ["images"],
    outputNode: true,
    run: async ({ images }, context) => {
      const saved = await save("temp", tempPrefix(), picturesOf(images), context);
      return { values: [images], ui: { images: saved } };
    },
  },
  MaskPreview: {
    displayName: "Preview Mask",
    category: "image/mask",
    inputs: () => ({ required: { mask: ["MASK"] }, hidden }),
    outputs: [],
    outputNode: true,
    run: async ({ mask }, context) => {
      const saved = await save("temp", tempPrefix(), [grey(maskOf(mask))], context);
      return { values: [], ui: { images: saved, animated: [false] } };
    },
  },
  LoadImage: {
    displayName: "Load Image",
    category: "image",
    inputs: ({ folders }) => ({ required: { image: [folders.inputFiles(), { image_upload: true }] } }),
    outputs: ["IMAGE", "MASK"],
    ...loaded,
    run: async ({ image }, site) => {
      const { picture, mask } = await reading(image, site, loadImage);
      return { values: [{ frames: [picture] }, mask] };
    },
  },
  LoadImageMask: {
    displayName: "Load Image (as Mask)",
    category: "image",
    inputs: ({ folders }) => ({
      required: {
        image: [folders.inputFiles(), { image_upload: true }],
        channel: [["alpha", "red", "green", "blue"]],
      },
    }),
    outputs: ["MASK"],
    ...loaded,
    run: async ({ image, channel }, site) => {
      const wanted = channel === "red" || channel === "green" || channel === "blue" ? channel : "alpha";
      return { values: [await reading(image, site, (path) => loadMask(path, wanted))] };
    },
  },
  PreviewAny: {
    displayName: "Preview as Text",
    category: "utils",
    inputs: () => ({ required: { source: ["*", {}] } }),
    outputs: [],
    outputNode: true,
    run: ({ source }) => ({ values: [], ui: { text: [String(source)] } }),
  },
};

function inputPath(value: unknown, { folders }: NodeSite): string | null {
  const { name, type } = splitAnnotated(textOf(value));
  const path = folders.resolve(type ?? "input", "", name);
  return path !== null && isFile(path) ? path : null;
}

async function reading<T>(value: unknown, site: NodeSite, read: (path: string) => Promise<T>): Promise<T> {
  const path = inputPath(value, site);
  if (path === null)
    throw new NodeFailure("FileNotFoundError", `[Errno 2] No such file or directory: '${textOf(value)}'`);
  try {
    return await read(path);
  } catch {
    throw new NodeFailure(
      "av.error.InvalidDataError",
      `[Errno 1094995529] Invalid data found when processing input: '/comfyui/input/${textOf(value)}'`,
    );
  }
}

/** Five random letters of ComfyUI's own small alphabet. */
function tempPrefix(): string {
  const letters = Array.from({ length: 5 }, () => "abcdefghijklmnopqrstupvxyz"[Math.floor(Math.random() * 26)]);
  return `ComfyUI_temp_${letters.join("")}`;
}

async function save(
  type: FolderType,
  prefix: string,
  frames: readonly Raster[],
  { folders, graph, extraData }: NodeContext,
): Promise<{ filename: string; subfolder: string; type: FolderType }[]> {
  const first = frames[0];
  if (first === undefined) return [];
  const place = placeOf(() => folders.nextSave(type, prefix, first));
  const info = extraData.extra_pnginfo;
  const texts: Record<string, string> = { prompt: toPythonJson(graph) };
  if (typeof info === "object" && info !== null) {
    for (const [key, value] of Object.entries(info)) texts[key] = toPythonJson(value);
  }
  const saved = [];
  for (const [index, frame] of frames.entries()) {
    const number = String(place.counter + index).padStart(5, "0");
    const filename = `${place.name.replaceAll("%batch_num%", String(index))}_${number}_.png`;
    await writeFile(join(place.folder, filename), withTextChunks(await encodePng(frame), texts));
    saved.push({ filename, subfolder: place.subfolder, type });
  }
  return saved;
}

function placeOf<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (error instanceof SaveOutsideFolder) throw new NodeFailure("Exception", error.message);
    throw error;
  }
}
