import * as z from "zod";
import { choiceFor } from "./file-name.ts";

/** One node of a ComfyUI graph in API format. */
export const graphNodeSchema = z.object({
  class_type: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()),
  // Decoration: whatever is odd about it is left out.
  _meta: z
    .object({
      title: z.string().optional().catch(undefined),
      /** The inputs whose class has `{a|b}` drawn and comments cut at each run. Noted at the import, which knows the class. */
      dynamicPrompts: z.array(z.string()).optional().catch(undefined),
      /** The node pack that the editor's file says the class is from, by its name in the registry or on GitHub. */
      pack: z.string().max(200).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
export type GraphNode = z.infer<typeof graphNodeSchema>;

/** A ComfyUI graph in API format: node id → node. A link is `[nodeId, outputIndex]`. */
export const graphSchema = z.record(z.string().min(1), graphNodeSchema);
export type Graph = z.infer<typeof graphSchema>;

/** Seeds stay exact in JSON and JavaScript. */
export const MAX_SEED = Number.MAX_SAFE_INTEGER;

const common = {
  /** The key in a job's `inputs`. */
  name: z
    .string()
    .max(64)
    .regex(/^[a-z][A-Za-z0-9]*$/, "letters and digits, beginning with a small letter"),
  label: z.string().min(1).max(80),
  help: z.string().max(500).optional(),
  required: z.boolean(),
  /** Shown below the fold of the form. */
  advanced: z.boolean().optional(),
};

/** One of a list. Numbers stay numbers: to ComfyUI `1` is another choice than `"1"`. */
const choiceSchema = z.union([z.string(), z.number(), z.boolean()]);
export type Choice = z.infer<typeof choiceSchema>;

/** A declared input of a workflow. One declaration yields the form, the validation and the types. */
export const parameterSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("text"),
    ...common,
    default: z.string().optional(),
    max: z.number().int().optional(),
    /** False: `{a|b}` and comments are sent as they are. Left out or true: as the classes of the inputs that it sets say. */
    dynamicPrompts: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal("integer"),
    ...common,
    default: z.number().int().optional(),
    min: z.number().int(),
    max: z.number().int(),
    step: z.number().int().optional(),
  }),
  z.object({
    kind: z.literal("number"),
    ...common,
    default: z.number().optional(),
    min: z.number(),
    max: z.number(),
    step: z.number().optional(),
  }),
  /** An integer that the server draws when the caller leaves it out. */
  z.object({
    kind: z.literal("seed"),
    ...common,
    default: z.number().int().optional(),
    min: z.number().int(),
    max: z.number().int(),
  }),
  z.object({
    kind: z.literal("choice"),
    ...common,
    default: choiceSchema.optional(),
    choices: z.array(choiceSchema).min(1),
  }),
  z.object({ kind: z.literal("boolean"), ...common, default: z.boolean().optional() }),
  /** The name of a model file; the choices come from the live backends. `folder` is ComfyUI's model folder. */
  z.object({ kind: z.literal("model"), ...common, default: z.string().optional(), folder: z.string() }),
  z.object({ kind: z.literal("image"), ...common }),
  z.object({ kind: z.literal("mask"), ...common }),
  z.object({ kind: z.literal("video"), ...common }),
  z.object({ kind: z.literal("audio"), ...common }),
]);
export type Parameter = z.infer<typeof parameterSchema>;

/** What a file must be that is given for a parameter of this kind; null: the kind takes no file. */
export function mediaOfKind(kind: Parameter["kind"]): "image" | "video" | "audio" | null {
  if (kind === "image" || kind === "mask") return "image";
  return kind === "video" || kind === "audio" ? kind : null;
}

/** Which node input a parameter sets. One parameter may set several. */
export const bindingSchema = z.object({ parameter: z.string(), node: z.string(), input: z.string() });
export type Binding = z.infer<typeof bindingSchema>;

/** The longest limit of a run, in seconds: a day. */
export const MAX_TIMEOUT_SECONDS = 86_400;

/** How long a run may take, in whole seconds. The messages follow the field's name. */
export const timeoutSecondsSchema = z
  .int("must be a whole number of seconds")
  .min(1, "must be at least 1 second")
  .max(MAX_TIMEOUT_SECONDS, `must be at most ${MAX_TIMEOUT_SECONDS} seconds, which is a day`);

/** An immutable version of a workflow. */
export const workflowDefinitionSchema = z.object({
  slug: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "small letters and digits, with hyphens between")
    // The page that imports workflows stands beside theirs.
    .refine((slug) => slug !== "import", "is the name of a page"),
  name: z.string().trim().min(1).max(80),
  description: z.string().max(500),
  graph: graphSchema,
  parameters: z.array(parameterSchema).max(100),
  bindings: z.array(bindingSchema).max(1000),
  /** Node ids whose files are the job's outputs. */
  outputs: z.array(z.string()).min(1),
  /** A run that takes longer is stopped and fails with `TIMEOUT`. Left out: the worker's `JOB_TIMEOUT_SECONDS`. */
  timeoutSeconds: timeoutSecondsSchema.optional(),
});
export type WorkflowDefinition = z.infer<typeof workflowDefinitionSchema>;

/** A name as its slug; empty if nothing of it can be in one. */
export function slugFrom(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 60).replace(/-$/, "");
}

/** Ids arrive in any case and are kept in lower case, as the rows that they name. */
const imageId = z.uuid().toLowerCase();

/** A reference to a picture, video or sound that is already ours. */
export const imageInputSchema = z.union([z.strictObject({ uploadId: imageId }), z.strictObject({ outputId: imageId })]);
export type ImageInput = z.infer<typeof imageInputSchema>;

export type InputValue = string | number | boolean | ImageInput;
export type InputValues = Readonly<Record<string, InputValue>>;

/** True for `{ uploadId }` and `{ outputId }`. */
export function isImageInput(value: unknown): value is ImageInput {
  return imageInputSchema.safeParse(value).success;
}

function valueSchema(parameter: Parameter): z.ZodType<InputValue> {
  switch (parameter.kind) {
    case "text":
      return z
        .string()
        .max(parameter.max ?? 4000)
        .refine((text) => !text.includes("\u0000"), "must not contain NUL")
        .refine((text) => text.isWellFormed(), "must be well-formed Unicode");
    case "integer": {
      const base = z.int().min(parameter.min).max(parameter.max);
      const { step, min } = parameter;
      return step === undefined || step === 1
        ? base
        : base.refine((value) => (value - min) % step === 0, `must be ${min} plus a multiple of ${step}`);
    }
    case "seed":
      return z.int().min(parameter.min).max(parameter.max);
    case "number":
      return z.number().min(parameter.min).max(parameter.max);
    case "choice":
      return z.preprocess(
        // A file with the separators of another server is the same choice.
        (value) => (typeof value === "string" ? (choiceFor(value, parameter.choices) ?? value) : value),
        z.literal(parameter.choices),
      );
    case "boolean":
      return z.boolean();
    case "model":
      return z.string().min(1).max(255);
    case "image":
    case "mask":
    case "video":
    case "audio":
      return imageInputSchema;
  }
}

/**
 * The schema of a job's `inputs` for these parameters. Unknown names are refused; a missing optional value takes its
 * default; a missing seed stays missing (the server draws it, see {@link drawSeeds}).
 */
export function inputsSchemaFor(parameters: readonly Parameter[]): z.ZodType<InputValues> {
  const shape: Record<string, z.ZodType> = {};
  for (const parameter of parameters) {
    const value = valueSchema(parameter);
    const fallback = "default" in parameter ? parameter.default : undefined;
    if (fallback !== undefined && parameter.kind !== "seed") shape[parameter.name] = value.default(fallback);
    else shape[parameter.name] = parameter.required && parameter.kind !== "seed" ? value : value.optional();
  }
  return z.strictObject(shape) as unknown as z.ZodType<InputValues>;
}

/** `inputs` with a number for every seed that was left out. `draw` gives a number in [0, 1). */
export function drawSeeds(parameters: readonly Parameter[], inputs: InputValues, draw: () => number): InputValues {
  const drawn: Record<string, InputValue> = { ...inputs };
  for (const parameter of parameters) {
    if (parameter.kind !== "seed" || drawn[parameter.name] !== undefined) continue;
    // Ten digits are enough to never repeat by chance and short enough to read aloud.
    const max = Math.min(parameter.max, 9_999_999_999);
    drawn[parameter.name] = parameter.min + Math.floor(draw() * (max - parameter.min + 1));
  }
  return drawn;
}

/** The job's seed: the value of its first seed parameter; null if it has none. */
export function seedOf(parameters: readonly Parameter[], inputs: InputValues): number | null {
  const parameter = parameters.find(({ kind }) => kind === "seed");
  const value = parameter === undefined ? undefined : inputs[parameter.name];
  return typeof value === "number" ? value : null;
}

/** Loaders of node packs that take a picture as a path on the server or as base64, and give what `LoadImage` gives. */
const textLoaders: Readonly<Record<string, string>> = {
  VHS_LoadImagePath: "image",
  "easy loadImageBase64": "base64_data",
};

/**
 * True for an input that holds a picture as a text. What a person uploads has no path that we know of, and as base64 it
 * would be stored with every job and in every output: {@link compileGraph} puts a `LoadImage` in the node's place. A loader
 * that also scales has no such equal.
 */
export function loadsPictureAsText({ class_type, inputs }: GraphNode, input: string): boolean {
  const scales = [inputs.custom_width, inputs.custom_height].some((side) => side !== undefined && side !== 0);
  return textLoaders[class_type] === input && !scales;
}

function loadImage(fileName: string): GraphNode {
  return { class_type: "LoadImage", inputs: { image: fileName } };
}

/**
 * The graph to submit: a copy with each bound node input set. Image inputs are given by `fileNames` (the name ComfyUI
 * answered to the upload). Throws if a binding names a node that the graph lacks: that is a broken workflow.
 */
export function compileGraph(
  definition: Pick<WorkflowDefinition, "graph" | "bindings">,
  inputs: InputValues,
  fileNames: Readonly<Record<string, string>> = {},
): Graph {
  const graph = structuredClone(definition.graph);
  for (const { parameter, node, input } of definition.bindings) {
    const target = graph[node];
    if (target === undefined) throw new Error(`binding of ${parameter} names node ${node}, which the graph lacks`);
    const value = inputs[parameter];
    if (value === undefined) continue;
    if (isImageInput(value)) {
      const fileName = fileNames[parameter];
      if (fileName === undefined) throw new Error(`no file was uploaded for ${parameter}`);
      if (loadsPictureAsText(target, input)) graph[node] = { ...target, ...loadImage(fileName) };
      else target.inputs[input] = fileName;
    } else target.inputs[input] = value;
  }
  return graph;
}
