import { blend, flat, inverted, type Kernel, laidOver, type Raster, resize } from "../painting/raster.ts";
import { maskOf } from "./model-nodes.ts";
import { type NodeLibrary, numberOf, picturesOf, textOf } from "./node-type.ts";

const scaleMethods = ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"];
const kernels: Readonly<Record<string, Kernel>> = {
  "nearest-exact": "nearest",
  bilinear: "linear",
  area: "mitchell",
  bicubic: "cubic",
  lanczos: "lanczos3",
};
const maxSide = 16384;

/** Pictures in, pictures out. */
export const imageNodes: NodeLibrary = {
  EmptyImage: {
    displayName: "Empty Image",
    category: "image",
    inputs: () => ({
      required: {
        width: ["INT", { default: 512, min: 1, max: 16384, step: 1 }],
        height: ["INT", { default: 512, min: 1, max: 16384, step: 1 }],
        batch_size: ["INT", { default: 1, min: 1, max: 4096 }],
        color: ["INT", { default: 0, min: 0, max: 16777215, step: 1, display: "color" }],
      },
    }),
    outputs: ["IMAGE"],
    run: ({ width, height, batch_size, color }) => {
      const value = numberOf(color);
      const frame = flat(numberOf(width), numberOf(height), [value >> 16, (value >> 8) & 255, value & 255]);
      return { values: [{ frames: Array.from({ length: numberOf(batch_size, 1) }, () => frame) }] };
    },
  },
  ImageInvert: {
    displayName: "Invert Image",
    category: "image",
    inputs: () => ({ required: { image: ["IMAGE"] } }),
    outputs: ["IMAGE"],
    run: ({ image }) => ({ values: [{ frames: picturesOf(image).map(inverted) }] }),
  },
  ImageScale: {
    displayName: "Upscale Image",
    category: "image/upscaling",
    inputs: () => ({
      required: {
        image: ["IMAGE"],
        upscale_method: [scaleMethods],
        width: ["INT", { default: 512, min: 0, max: 16384, step: 1 }],
        height: ["INT", { default: 512, min: 0, max: 16384, step: 1 }],
        crop: [["disabled", "center"]],
      },
    }),
    outputs: ["IMAGE"],
    run: async ({ image, upscale_method, width, height, crop }) => {
      const kernel = kernels[textOf(upscale_method)] ?? "cubic";
      const scaled = (frame: Raster): Promise<Raster> => {
        const [wide, high] = wantedSize(frame, numberOf(width), numberOf(height));
        return resize(frame, wide, high, { kernel, cover: crop === "center" });
      };
      return { values: [{ frames: await Promise.all(picturesOf(image).map(scaled)) }] };
    },
  },
  ImageScaleBy: {
    displayName: "Upscale Image By",
    category: "image/upscaling",
    inputs: () => ({
      required: {
        image: ["IMAGE"],
        upscale_method: [scaleMethods],
        scale_by: ["FLOAT", { default: 1.0, min: 0.01, max: 8.0, step: 0.01 }],
      },
    }),
    outputs: ["IMAGE"],
    run: async ({ image, upscale_method, scale_by }) => {
      const kernel = kernels[textOf(upscale_method)] ?? "cubic";
      const by = numberOf(scale_by, 1);
      const scaled = (frame: Raster): Promise<Raster> =>
        resize(frame, Math.max(1, Math.round(frame.width * by)), Math.max(1, Math.round(frame.height * by)), {
          kernel,
        });
      return { values: [{ frames: await Promise.all(picturesOf(image).map(scaled)) }] };
    },
  },
  ImageBlend: {
    displayName: "Blend Images",
    category: "image/postprocessing",
    inputs: () => ({
      required: {
        image1: ["IMAGE"],
        image2: ["IMAGE"],
        blend_factor: ["FLOAT", { default: 0.5, min: 0.0, max: 1.0, step: 0.01 }],
        blend_mode: [["normal", "multiply", "screen", "overlay", "soft_light", "difference"]],
      },
    }),
    outputs: ["IMAGE"],
    run: async ({ image1, image2, blend_factor }) => {
      const over = picturesOf(image2);
      const frames = picturesOf(image1).map(async (frame, index) => {
        const other = over[index % over.length] ?? frame;
        return blend(frame, await resize(other, frame.width, frame.height), numberOf(blend_factor));
      });
      return { values: [{ frames: await Promise.all(frames) }] };
    },
  },
  ImageCompositeMasked: {
    displayName: "Image Composite Masked",
    category: "image",
    inputs: () => ({
      required: {
        destination: ["IMAGE"],
        source: ["IMAGE"],
        x: ["INT", { default: 0, min: 0, max: maxSide, step: 1 }],
        y: ["INT", { default: 0, min: 0, max: maxSide, step: 1 }],
        resize_source: ["BOOLEAN", { default: false }],
      },
      optional: { mask: ["MASK"] },
    }),
    outputs: ["IMAGE"],
    run: async ({ destination, source, x, y, resize_source, mask }) => {
      const over = picturesOf(source);
      const frames = picturesOf(destination).map(async (under, index) => {
        const given = over[index % over.length] ?? under;
        const laid = resize_source === true ? await resize(given, under.width, under.height) : given;
        const fitted = mask === undefined ? undefined : await resize(maskOf(mask), laid.width, laid.height);
        return laidOver(under, laid, numberOf(x), numberOf(y), fitted);
      });
      return { values: [{ frames: await Promise.all(frames) }] };
    },
  },
  SolidMask: {
    displayName: "Solid Mask",
    category: "image/mask",
    inputs: () => ({
      required: {
        value: ["FLOAT", { default: 1.0, min: 0.0, max: 1.0, step: 0.01 }],
        width: ["INT", { default: 512, min: 1, max: maxSide, step: 1 }],
        height: ["INT", { default: 512, min: 1, max: maxSide, step: 1 }],
      },
    }),
    outputs: ["MASK"],
    run: ({ value, width, height }) => {
      const [wide, high] = [numberOf(width, 1), numberOf(height, 1)];
      const data = Buffer.alloc(wide * high, Math.round(numberOf(value, 1) * 255));
      return { values: [{ width: wide, height: high, channels: 1, data } satisfies Raster] };
    },
  },
  InvertMask: {
    displayName: "Invert Mask",
    category: "image/mask",
    inputs: () => ({ required: { mask: ["MASK"] } }),
    outputs: ["MASK"],
    run: ({ mask }) => ({ values: [inverted(maskOf(mask))] }),
  },
};

/** Zero means "keep the proportions"; two zeros keep the size. */
function wantedSize(frame: Raster, width: number, height: number): [number, number] {
  if (width === 0 && height === 0) return [frame.width, frame.height];
  if (width === 0) return [Math.max(1, Math.round((frame.width * height) / frame.height)), height];
  if (height === 0) return [width, Math.max(1, Math.round((frame.height * width) / frame.width))];
  return [width, height];
}
