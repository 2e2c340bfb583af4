import { encodeAnimatedPng, encodeAnimatedWebp } from "../media/animations.ts";
import { encodeMp4 } from "../media/mp4.ts";
import { withTextChunks } from "../media/png-text.ts";
import { encodeWebm } from "../media/webm.ts";
import type { Raster } from "../painting/raster.ts";
import { NodeFailure, type NodeLibrary, numberOf, picturesOf, textOf } from "./node-type.ts";
import { embeddedTexts, saveFile } from "./saving.ts";
import { videoCodec, videoFormats } from "./video-formats.ts";

interface Video {
  readonly pictures: readonly Raster[];
  readonly fps: number;
}

const frameRate = ["FLOAT", { default: 6.0, min: 0.01, max: 1000.0, step: 0.01 }] as const;
const hidden = { prompt: ["PROMPT"], extra_pnginfo: ["EXTRA_PNGINFO"] };

/** Moving pictures. All of them show their file under `images` and say `animated`. */
export const videoNodes: NodeLibrary = {
  SaveAnimatedWEBP: {
    displayName: "Save Animated WEBP",
    category: "image/animation",
    inputs: () => ({
      required: {
        images: ["IMAGE"],
        filename_prefix: ["STRING", { default: "ComfyUI" }],
        fps: frameRate,
        lossless: ["BOOLEAN", { default: true }],
        quality: ["INT", { default: 80, min: 0, max: 100 }],
        method: [["default", "fastest", "slowest"]],
      },
      hidden,
    }),
    outputs: [],
    outputNode: true,
    run: async ({ images, filename_prefix, fps, lossless, quality }, context) => {
      const frames = picturesOf(images);
      const file = await encodeAnimatedWebp(frames, numberOf(fps, 6), {
        lossless: lossless === true,
        quality: numberOf(quality, 80),
      });
      const saved = await saveFile(context, "output", textOf(filename_prefix), "_.webp", file, frames[0]);
      return { values: [], ui: { images: [saved], animated: [frames.length !== 1] } };
    },
  },
  SaveAnimatedPNG: {
    displayName: "Save Animated PNG",
    category: "image/animation",
    inputs: () => ({
      required: {
        images: ["IMAGE"],
        filename_prefix: ["STRING", { default: "ComfyUI" }],
        fps: frameRate,
        compress_level: ["INT", { default: 4, min: 0, max: 9 }],
      },
      hidden,
    }),
    outputs: [],
    outputNode: true,
    run: async ({ images, filename_prefix, fps }, context) => {
      const frames = picturesOf(images);
      const file = withTextChunks(await encodeAnimatedPng(frames, numberOf(fps, 6)), embeddedTexts(context));
      const saved = await saveFile(context, "output", textOf(filename_prefix), "_.png", file, frames[0]);
      return { values: [], ui: { images: [saved], animated: [true] } };
    },
  },
  SaveWEBM: {
    displayName: "Save WEBM",
    category: "video",
    inputs: () => ({
      required: {
        images: [
          "IMAGE",
          { tooltip: "RGBA images are saved with their alpha channel as transparency (vp9 codec only)." },
        ],
        filename_prefix: ["STRING", { default: "ComfyUI", multiline: false }],
        codec: ["COMBO", { multiselect: false, options: ["vp9", "av1"] }],
        fps: ["FLOAT", { default: 24.0, min: 0.01, max: 1000.0, step: 0.01 }],
        crf: [
          "FLOAT",
          {
            tooltip:
              "Higher crf means lower quality with a smaller file size, lower crf means higher quality higher filesize.",
            default: 32.0,
            min: 0,
            max: 63.0,
            step: 1,
          },
        ],
      },
      hidden: hidden,
    }),
    outputs: ["IMAGE"],
    outputNames: ["images"],
    outputNode: true,
    run: async ({ images, filename_prefix, fps }, context) => {
      const frames = picturesOf(images);
      const file = await encodeWebm(frames, numberOf(fps, 24));
      const saved = await saveFile(context, "output", textOf(filename_prefix), "_.webm", file, frames[0]);
      return { values: [images], ui: { images: [saved], animated: [true] } };
    },
  },
  CreateVideo: {
    displayName: "Create Video",
    description: "Create a video from images.",
    category: "video",
    inputs: () => ({
      required: {
        images: ["IMAGE", { tooltip: "The images to create a video from." }],
        fps: ["FLOAT", { default: 30.0, min: 1.0, max: 120.0, step: 1.0 }],
      },
      optional: {
        audio: ["AUDIO", { tooltip: "The audio to add to the video." }],
        bit_depth: [
          "INT",
          {
            tooltip:
              "Bit depth of the created video. 10-bit keeps smoother gradients with less banding, but some players and downstream nodes may not support it.",
            default: 8,
            min: 8,
            max: 10,
            step: 2,
            display: "number",
          },
        ],
      },
    }),
    outputs: ["VIDEO"],
    run: ({ images, fps }) => {
      const video: Video = { pictures: picturesOf(images), fps: numberOf(fps, 30) };
      return { values: [video] };
    },
  },
  SaveVideo: {
    displayName: "Save Video",
    description: "Saves the input videos to your ComfyUI output directory.",
    category: "video",
    inputs: () => ({
      required: {
        video: ["VIDEO", { tooltip: "The video to save." }],
        filename_prefix: [
          "STRING",
          {
            tooltip:
              "The prefix for the file to save. This may include formatting information such as %date:yyyy-MM-dd% or %Empty Latent Image.width% to include values from nodes.",
            default: "video/ComfyUI",
            multiline: false,
          },
        ],
        format: videoFormats,
      },
      optional: { codec: videoCodec },
      hidden,
    }),
    outputs: ["VIDEO"],
    outputNames: ["video"],
    outputNode: true,
    run: async ({ video, filename_prefix, format }, context) => {
      const { pictures, fps } = videoOf(video);
      const [ending, file] =
        format === "webm"
          ? ["_.webm", await encodeWebm(pictures, fps)]
          : format === "mkv"
            ? ["_.mkv", await encodeWebm(pictures, fps, "matroska")]
            : ["_.mp4", encodeMp4(pictures, fps)];
      const saved = await saveFile(context, "output", textOf(filename_prefix), ending, file, pictures[0]);
      return { values: [video], ui: { images: [saved], animated: [true] } };
    },
  },
};

function videoOf(value: unknown): Video {
  if (typeof value === "object" && value !== null && "pictures" in value) return value as Video;
  throw new NodeFailure("AttributeError", "'NoneType' object has no attribute 'get_dimensions'");
}
