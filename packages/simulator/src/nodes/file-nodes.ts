import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { encodePng, grey, loadImage, loadMask } from "../painting/raster.ts";
import { isFile, splitAnnotated } from "../site/folders.ts";
import type { Site } from "../site/site.ts";
import { maskOf } from "./model-nodes.ts";
import { NodeFailure, type NodeLibrary, type NodeResult, picturesOf, textOf, type Values } from "./node-type.ts";
import { savePictures, tempPrefix } from "./saving.ts";

const hidden = { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" };

const loaded = {
  changed: ({ image }: Readonly<Record<string, unknown>>, site: Site) => {
    const path = inputPath(image, site);
    return path === null ? "" : createHash("sha256").update(readFileSync(path)).digest("hex");
  },
  validate: {
    input: "image",
    check: (value: unknown, site: Site) => (isThere(value, site) ? null : `Invalid image file: ${String(value)}`),
  },
};

/** Nodes that read and write pictures. */
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
      hidden: hidden,
    }),
    outputs: ["IMAGE"],
    outputNames: ["images"],
    outputNode: true,
    run: async ({ images, filename_prefix }, context) => {
      const saved = await savePictures(context, "output", textOf(filename_prefix), picturesOf(images));
      return { values: [images], ui: { images: saved } };
    },
  },
  PreviewImage: {
    displayName: "Preview Image",
    description: "Preview the images without saving them to the ComfyUI output directory.",
    category: "image",
    inputs: () => ({ required: { images: ["IMAGE"] }, hidden: hidden }),
    outputs: ["IMAGE"],
    outputNames: ["images"],
    outputNode: true,
    run: async ({ images }, context) => {
      const saved = await savePictures(context, "temp", tempPrefix(context), picturesOf(images));
      return { values: [images], ui: { images: saved } };
    },
  },
  SaveImageWebsocket: {
    category: "image",
    inputs: () => ({ required: { images: ["IMAGE"] } }),
    outputs: [],
    outputNode: true,
    changed: () => Number.NaN,
    // The results go out as previews and are kept nowhere. It counts from 0, so its bar never gets full.
    run: async ({ images }, context) => {
      const frames = picturesOf(images);
      for (const [index, frame] of frames.entries()) {
        await context.progress(index, frames.length, { image: await encodePng(frame), mimeType: "image/png" });
      }
      return { values: [] };
    },
  },
  MaskPreview: {
    displayName: "Preview Mask",
    category: "image/mask",
    inputs: () => ({ required: { mask: ["MASK"] }, hidden }),
    outputs: [],
    outputNode: true,
    run: async ({ mask }, context) => {
      const saved = await savePictures(context, "temp", tempPrefix(context), [grey(maskOf(mask))]);
      return { values: [], ui: { images: saved, animated: [false] } };
    },
  },
  LoadImage: {
    displayName: "Load Image",
    category: "image",
    inputs: ({ folders }) => ({ required: { image: [folders.inputFiles(), { image_upload: true }] } }),
    outputs: ["IMAGE", "MASK"],
    ...loaded,
    run: load,
  },
  LoadImageOutput: {
    displayName: "Load Image (from Outputs)",
    description:
      "Load an image from the output folder. When the refresh button is clicked, the node will update the image list and automatically select the first image, allowing for easy iteration.",
    category: "image",
    inputs: () => ({
      required: {
        image: [
          "COMBO",
          {
            image_upload: true,
            image_folder: "output",
            remote: { route: "/internal/files/output", refresh_button: true, control_after_refresh: "first" },
          },
        ],
      },
    }),
    outputs: ["IMAGE", "MASK"],
    ...loaded,
    run: load,
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
};

/** What LoadImage does. */
export async function load({ image }: Values, site: Site): Promise<NodeResult> {
  const { picture, mask } = await reading(image, site, loadImage);
  return { values: [{ frames: [picture] }, mask] };
}

/** Whether there is anything of that name: ComfyUI lets a folder pass, and fails when the node runs. */
export function isThere(value: unknown, { folders }: Site): boolean {
  const { name, type } = splitAnnotated(textOf(value));
  const path = folders.resolve(type ?? "input", "", name);
  return path !== null && existsSync(path);
}

/** Where a file that a loader names lies; null if there is none. */
export function inputPath(value: unknown, { folders }: Site): string | null {
  const { name, type } = splitAnnotated(textOf(value));
  const path = folders.resolve(type ?? "input", "", name);
  return path !== null && isFile(path) ? path : null;
}

async function reading<T>(value: unknown, site: Site, read: (path: string) => Promise<T>): Promise<T> {
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
