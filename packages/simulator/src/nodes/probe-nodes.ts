import { encodePreview, flat } from "../painting/raster.ts";
import { Blocker, NodeFailure, type NodeLibrary, numberOf, outOfMemory, picturesOf, textOf } from "./node-type.ts";

const image = ["IMAGE"] as const;
const category = "wire_probe";

/** The small custom nodes with which the recordings were made; here so that those can be replayed. */
export const probeNodes: NodeLibrary = {
  ProbeSteps: {
    category,
    inputs: () => ({
      required: {
        image: ["IMAGE"],
        steps: ["INT", { default: 4, min: 1, max: 10000 }],
        seconds_per_step: ["FLOAT", { default: 0.25, min: 0.0, max: 60.0 }],
        preview: [["jpeg", "png", "none"], { default: "jpeg" }],
        check_interrupt: ["BOOLEAN", { default: true }],
        seed: ["INT", { default: 0, min: 0, max: 18446744073709551615n }],
      },
    }),
    outputs: ["IMAGE"],
    run: async ({ image: pictures, steps, seconds_per_step, preview, check_interrupt }, context) => {
      const count = numberOf(steps);
      const [frame] = picturesOf(pictures);
      for (let step = 1; step <= count; step += 1) {
        await context.sleep(numberOf(seconds_per_step) * 1000);
        if (check_interrupt !== true) continue;
        if (preview === "none" || frame === undefined) await context.progress(step, count);
        else {
          const format = preview === "png" ? "png" : "jpeg";
          await context.progress(step, count, {
            image: await encodePreview(frame, format),
            mimeType: `image/${format}`,
          });
        }
      }
      return { values: [pictures] };
    },
  },
  ProbeRaise: {
    category,
    inputs: () => ({
      required: {
        image,
        kind: [["ValueError", "KeyError", "OutOfMemory"]],
        message: ["STRING", { default: "probe failure" }],
      },
      optional: { number: ["FLOAT", { default: 0 }] },
    }),
    outputs: ["IMAGE"],
    run: ({ kind, message }) => {
      const text = textOf(message);
      if (kind === "KeyError") throw new NodeFailure("KeyError", `'${text}'`);
      if (kind !== "OutOfMemory") throw new NodeFailure("ValueError", text);
      throw outOfMemory(text);
    },
  },
  ProbeNaN: {
    category,
    inputs: () => ({ required: { kind: [["nan", "inf"]] } }),
    outputs: ["FLOAT"],
    run: ({ kind }) => ({ values: [oddNumber(kind)] }),
  },
  ProbeNaNUi: {
    category,
    inputs: () => ({ required: { kind: [["nan", "inf"]] } }),
    outputs: [],
    outputNode: true,
    run: ({ kind }) => ({ values: [], ui: { numbers: [oddNumber(kind)] } }),
  },
  ProbeBlock: {
    category,
    inputs: () => ({ required: { image, message: ["STRING", { default: "" }] } }),
    outputs: ["IMAGE"],
    run: ({ message }) => ({ values: [new Blocker(textOf(message) === "" ? null : textOf(message))] }),
  },
  ProbeText: {
    category,
    inputs: () => ({ required: { text: ["STRING", { default: "" }] } }),
    outputs: [],
    outputNode: true,
    run: ({ text }, context) => {
      context.say("working on it: é世");
      return { values: [], ui: { text: [text], numbers: [1, 2.5, true, null], nested: [{ a: { b: [1] } }] } };
    },
  },
  ProbeExpand: {
    category,
    inputs: () => ({ required: { image, save: ["BOOLEAN", { default: false }] } }),
    outputs: ["IMAGE"],
    run: ({ image: pictures, save }, { expansionPrefix }) => {
      const [first, second, third] = [1, 2, 3].map((number) => `${expansionPrefix}${number}`) as [
        string,
        string,
        string,
      ];
      const steps = { steps: 2, seconds_per_step: 0.1, preview: "jpeg", check_interrupt: true, seed: 0 };
      const saving = { [third]: { class_type: "PreviewImage", inputs: { images: [second, 0] } } };
      return {
        values: [[second, 0]],
        expand: {
          [first]: { class_type: "ImageInvert", inputs: { image: pictures } },
          [second]: { class_type: "ProbeSteps", inputs: { image: [first, 0], ...steps } },
          ...(save === true ? saving : {}),
        },
      };
    },
  },
  ProbeAlwaysChanged: {
    category,
    inputs: () => ({ required: { image } }),
    outputs: ["IMAGE"],
    changed: () => Number.NaN,
    run: ({ image: pictures }) => ({ values: [pictures] }),
  },
  ProbeSlowOutput: {
    category,
    inputs: () => ({ required: { seconds: ["FLOAT", { default: 1.0, min: 0.0, max: 60.0 }] } }),
    outputs: [],
    outputNode: true,
    run: async ({ seconds }, context) => {
      await context.sleep(numberOf(seconds) * 1000);
      return { values: [], ui: { text: ["slept"] } };
    },
  },
  ProbeBatch: {
    category,
    inputs: () => ({
      required: {
        count: ["INT", { default: 4, min: 1, max: 64 }],
        width: ["INT", { default: 32, min: 1, max: 4096 }],
        height: ["INT", { default: 24, min: 1, max: 4096 }],
      },
    }),
    outputs: ["IMAGE"],
    run: ({ count, width, height }) => {
      const total = numberOf(count, 1);
      const frames = Array.from({ length: total }, (_, index) => {
        const level = Math.round((255 * (index + 1)) / total);
        return flat(numberOf(width, 1), numberOf(height, 1), [level, level, level]);
      });
      return { values: [{ frames }] };
    },
  },
  ProbeList: {
    category,
    inputs: () => ({ required: { count: ["INT", { default: 3, min: 1, max: 64 }] } }),
    outputs: ["IMAGE"],
    outputIsList: [true],
    run: ({ count }) => ({
      values: [
        Array.from({ length: numberOf(count, 1) }, (_, index) => ({
          frames: [flat(32 + index * 8, 24, [90, 90, 90])],
        })),
      ],
    }),
  },
};

function oddNumber(kind: unknown): number {
  return kind === "inf" ? Number.POSITIVE_INFINITY : Number.NaN;
}
