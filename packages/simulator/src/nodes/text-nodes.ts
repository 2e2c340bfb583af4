import { type NodeLibrary, textOf } from "./node-type.ts";
import { saveFile } from "./saving.ts";

/** Values and texts. */
export const textNodes: NodeLibrary = {
  PrimitiveString: {
    displayName: "Text",
    category: "utilities/primitive",
    inputs: () => ({ required: { value: ["STRING", { multiline: false }] } }),
    outputs: ["STRING"],
    run: ({ value }) => ({ values: [value] }),
  },
  PrimitiveInt: {
    displayName: "Int",
    category: "utilities/primitive",
    inputs: () => ({
      required: {
        value: ["INT", { min: -9223372036854775807n, max: 9223372036854775807n, control_after_generate: true }],
      },
    }),
    outputs: ["INT"],
    run: ({ value }) => ({ values: [value] }),
  },
  PreviewAny: {
    displayName: "Preview as Text",
    description: "Preview any input value as text.",
    category: "utilities",
    inputs: () => ({ required: { source: ["*", {}] } }),
    outputs: ["STRING"],
    outputNode: true,
    run: ({ source }) => ({ values: [String(source)], ui: { text: [String(source)] } }),
  },
  SaveText: {
    displayName: "Save Text",
    category: "utilities",
    inputs: () => ({
      required: {
        text: ["STRING", { multiline: true }],
        filename_prefix: ["STRING", { default: "text/ComfyUI", multiline: false }],
        format: ["COMBO", { options: ["txt", "md", "json"] }],
      },
    }),
    outputs: [],
    outputNode: true,
    run: async ({ text, filename_prefix, format }, context) => {
      const content = textOf(text);
      const saved = await saveFile(
        context,
        "output",
        textOf(filename_prefix),
        `.${textOf(format)}`,
        Buffer.from(content),
      );
      return { values: [], ui: { text: [content], files: [saved] } };
    },
  },
};
