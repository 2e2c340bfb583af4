import { type Conversion, convertWorkflow } from "../convert.ts";
import { readLayouts } from "../layout/read-layouts.ts";

/** Some classes as `GET /object_info` describes them, each for a rule. */
export const layouts = readLayouts({
  Load: { input: { required: { name: [["a.safetensors", "b.safetensors"]] } }, output: ["MODEL", "CLIP"] },
  Text: {
    input: { required: { text: ["STRING", { dynamicPrompts: true }], clip: ["CLIP"] } },
    output: ["CONDITIONING"],
  },
  Sample: {
    input: {
      required: {
        model: ["MODEL"],
        seed: ["INT", { default: 0 }],
        steps: ["INT", { default: 20 }],
        sampler: [["euler", "heun"], { default: "heun" }],
      },
      optional: { denoise: ["FLOAT", { default: 1 }] },
    },
    output: ["LATENT"],
  },
  Scale: {
    input: { required: { image: ["IMAGE"], mask: ["MASK"], width: ["INT", { default: 64 }] } },
    output: ["IMAGE", "INT"],
  },
  Save: { input: { required: { image: ["IMAGE"], filename_prefix: ["STRING", { default: "x" }] } }, output: [] },
  Picture: { input: { required: { file: [["a.png"], { image_upload: true }] } }, output: ["IMAGE", "MASK"] },
  Number: { input: { required: { value: ["INT", { control_after_generate: true }] } }, output: ["INT"] },
  // A list of choices that is drawn keeps the filter of the list, too.
  Pick: {
    input: { required: { lora: [["a", "b"], { control_after_generate: true }], strength: ["FLOAT"] } },
    output: ["MODEL"],
  },
  Forced: { input: { required: { text: ["STRING", { forceInput: true }], mode: [["x", "y"]] } }, output: ["STRING"] },
  Seeded: {
    input: {
      required: {
        seed: ["INT", { forceInput: true, control_after_generate: true }],
        time: ["FLOAT", { default: 1, widgetType: "PACK_TIMESTAMP" }],
        sampler_name: [["euler", "heun"]],
      },
    },
    output: ["NOISE"],
  },
  ControlNetLoader: { input: { required: { control_net_name: [["a.safetensors"]] } }, output: ["CONTROL_NET"] },
  // What the editor's page draws itself, and a list of choices that a person writes.
  View: {
    input: { required: { file: [["none", "a.glb"]], image: ["LOAD_3D", {}], width: ["INT", { default: 1024 }] } },
    output: ["IMAGE"],
  },
  Compare: { input: { required: { view: ["IMAGECOMPARE", {}] }, optional: { a: ["IMAGE"] } }, output: [] },
  CustomCombo: { input: { required: { choice: ["COMBO", { options: [] }] } }, output: ["STRING", "INT"] },
  Pair: {
    input: {
      required: { first: ["INT", { min: 0, max: 4096, step: 8 }], second: ["INT", { min: 24, max: 2040, step: 12 }] },
    },
    output: [],
  },
  Steps: {
    input: {
      required: {
        length: ["INT", { default: 81, min: 1, max: 4096, step: 4 }],
        strength: ["FLOAT", { default: 1, min: 0, max: 10, step: 0.01 }],
      },
    },
    output: [],
  },
  Codec: {
    input: {
      required: {
        format: [
          "COMFY_DYNAMICCOMBO_V3",
          {
            options: [
              { key: "auto", inputs: {} },
              {
                key: "mp4",
                inputs: {
                  required: {
                    codec: [
                      "COMFY_DYNAMICCOMBO_V3",
                      { options: [{ key: "h264", inputs: { required: { crf: ["INT", { default: 23 }] } } }] },
                    ],
                  },
                },
              },
            ],
          },
        ],
        after: ["INT"],
      },
    },
    output: [],
  },
  Combine: {
    input: {
      required: {
        frame_rate: ["FLOAT", { default: 8 }],
        format: [["image/gif", "video/h264-mp4"], { formats: { "video/h264-mp4": [["crf", "INT", { default: 19 }]] } }],
        pingpong: ["BOOLEAN", { default: false }],
      },
    },
    output: [],
  },
});

export interface NodeSketch {
  readonly id: number;
  readonly type: string;
  readonly mode?: number;
  readonly title?: string;
  /** `name` or `name:TYPE`, and the link; a name that ends with `!` has a widget. */
  readonly in?: Readonly<Record<string, number | null>>;
  readonly out?: readonly string[];
  readonly values?: unknown;
}

/** A node as the editor saves it. */
export function node({
  id,
  type,
  mode = 0,
  title,
  in: inputs = {},
  out = [],
  values,
}: NodeSketch): Record<string, unknown> {
  return {
    ...{ id, type, mode, title, widgets_values: values },
    inputs: Object.entries(inputs).map(([slot, link]) => {
      const [name = "", kind = "*"] = slot.replace("!", "").split(":");
      return { name, type: kind, link, ...(slot.endsWith("!") ? { widget: { name } } : {}) };
    }),
    outputs: out.map((output) => ({ name: output, type: output })),
  };
}

/** What becomes of a file with these nodes and links, and what else is given. */
export function converted(nodes: unknown[], links: unknown[], more: object = {}): Conversion {
  return convertWorkflow({ version: 0.4, nodes, links, ...more }, layouts);
}
