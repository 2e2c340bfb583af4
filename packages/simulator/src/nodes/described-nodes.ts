import { readFileSync } from "node:fs";
import { parsePythonJson } from "../protocol/python-json.ts";
import type { Site } from "../site/site.ts";
import { isThere } from "./file-nodes.ts";
import type { InputSpec, NodeInputs, NodeLibrary, NodeType } from "./node-type.ts";
import { standIn } from "./stand-in.ts";

/** What is kept of a class's `object_info`: names, types, bounds, choices and defaults. */
interface DescribedClass {
  readonly input: NodeInputs;
  readonly output: readonly InputSpec[0][];
  readonly output_name?: readonly string[];
  readonly output_is_list?: readonly boolean[];
  readonly output_node?: boolean;
  readonly is_input_list?: boolean;
  readonly category: string;
  readonly python_module: string;
  /** Declared by the newer interface. */
  readonly v3?: boolean;
  readonly deprecated?: boolean;
}

const file = new URL("../../classes/described.json", import.meta.url);
/** By class, as in `object_info`; where a choice begins with `@`, files stand in its place. */
export const described = parsePythonJson(readFileSync(file, "utf8")) as Readonly<Record<string, DescribedClass>>;

/**
 * Classes of which only the description is known. They are validated like all others, and run as stand-ins that answer something of the
 * right kind: what public graphs use is more than anybody would want to imitate one by one.
 */
export const describedNodes: NodeLibrary = Object.fromEntries(
  Object.entries(described).map(([name, one]) => [name, nodeOf(name, one)]),
);

function nodeOf(name: string, { input, output, ...rest }: DescribedClass): NodeType {
  const validate = validation(input);
  return {
    category: rest.category,
    inputs: (site) => ({
      ...input,
      required: withFiles(input.required ?? {}, site),
      ...(input.optional === undefined ? {} : { optional: withFiles(input.optional, site) }),
    }),
    outputs: output,
    outputNode: rest.output_node === true,
    ...(rest.output_name === undefined ? {} : { outputNames: rest.output_name }),
    ...(rest.output_is_list === undefined ? {} : { outputIsList: rest.output_is_list }),
    ...(validate === null ? {} : { validate }),
    run: standIn(name, {
      inputs: { ...input.required, ...input.optional },
      outputs: output,
      names: rest.output_name,
      isOutput: rest.output_node === true,
    }),
  };
}

type Specs = NodeInputs["required"];

/** A choice `@loras` stands for the files of that folder of models, `@input` for those that were uploaded. */
function withFiles(specs: Specs, site: Site): Specs {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]): [string, InputSpec] => {
      const [kind, options] = spec;
      if (typeof kind !== "string")
        return [name, options === undefined ? [listed(kind, site)] : [listed(kind, site), options]];
      const choices = kind === "COMBO" ? options?.options : undefined;
      return [name, Array.isArray(choices) ? [kind, { ...options, options: listed(choices, site) }] : spec];
    }),
  );
}

function listed(choices: readonly unknown[], { models, folders }: Site): readonly unknown[] {
  return choices.flatMap((choice): readonly unknown[] => {
    if (typeof choice !== "string" || !choice.startsWith("@")) return [choice];
    return choice.startsWith("@input") ? folders.inputFiles() : (models[choice.slice(1)] ?? []);
  });
}

/** Loaders of what was uploaded look at their file themselves. */
function validation({ required = {} }: NodeInputs): NodeType["validate"] | null {
  const uploads: Readonly<Record<string, string>> = { video_upload: "video", audio_upload: "audio" };
  for (const [input, [, options = {}]] of Object.entries(required)) {
    const flag = Object.keys(uploads).find((one) => options[one] === true);
    if (flag === undefined) continue;
    return {
      input,
      check: (value, site) => (isThere(value, site) ? null : `Invalid ${uploads[flag]} file: ${value}`),
    };
  }
  return null;
}
