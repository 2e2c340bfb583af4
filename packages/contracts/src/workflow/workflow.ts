import * as z from "zod";
import { isStorable } from "../stored-text.ts";
import type { ImageInput } from "./input-value.ts";
import { MAX_TIMEOUT_SECONDS } from "./timeout.ts";

/** One node of a ComfyUI graph in API format. */
export const graphNodeSchema = z.object({
  class_type: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()),
  // Decoration: whatever is odd about it is left out.
  _meta: z
    .object({
      title: z.string().refine(isStorable).optional().catch(undefined),
      /** The inputs whose class has `{a|b}` drawn and comments cut at each run. Noted at the import, which knows the class. */
      dynamicPrompts: z.array(z.string()).optional().catch(undefined),
      /** The node pack that the editor's file says the class is from, by its name in the registry or on GitHub. */
      pack: z.string().max(200).refine(isStorable).optional().catch(undefined),
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

/** One of a list. Numbers stay numbers: to ComfyUI `1` is another choice than `"1"`. */
const choiceSchema = z.union([z.string(), z.number(), z.boolean()]);
export type Choice = z.infer<typeof choiceSchema>;

/** Where a parameter exists: while the choice called `parameter` is one of `is`. */
const conditionSchema = z.object({ parameter: z.string(), is: z.array(choiceSchema).min(1) });

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
  /**
   * Left out: it always exists. Else it is what some options of a choice bring: of a dynamic combo of ComfyUI, whose
   * option decides which inputs the node has. While another option is chosen, a job that gives it is refused.
   */
  when: conditionSchema.optional(),
};

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
  /** A 3D model, as a file. The kind `model` is a model that makes pictures. */
  z.object({ kind: z.literal("3d"), ...common }),
]);
export type Parameter = z.infer<typeof parameterSchema>;

/**
 * Which node input a parameter sets, or which part of the object that it holds (`crop_region.x`). One parameter may set several.
 */
export const bindingSchema = z.object({ parameter: z.string(), node: z.string(), input: z.string() });
export type Binding = z.infer<typeof bindingSchema>;

/** How long a run may take, in whole seconds. The messages follow the field's name. */
export const timeoutSecondsSchema = z
  .int("must be a whole number of seconds")
  .min(1, "must be at least 1 second")
  .max(MAX_TIMEOUT_SECONDS, `must be at most ${MAX_TIMEOUT_SECONDS} seconds, which is a day`);

const coordinate = z.number().min(-1e7).max(1e7);

/** Where each node stands in the drawing that its author made: `[x, y]` of its upper left corner, in the editor's pixels. */
export const positionsSchema = z.record(z.string(), z.tuple([coordinate, coordinate]));
export type Positions = z.infer<typeof positionsSchema>;

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
  /** Left out where the graph came without a drawing, as graphs in API format do. */
  positions: positionsSchema.optional(),
});
export type WorkflowDefinition = z.infer<typeof workflowDefinitionSchema>;

const imageId = z.uuid().toLowerCase();

/** Ids of {@link ImageInput} are taken in any case and given in lower case, as the rows are that they name. */
export const imageInputSchema: z.ZodType<ImageInput> = z.union([
  z.strictObject({ uploadId: imageId }),
  z.strictObject({ outputId: imageId }),
]);
