import {
  type Choice,
  type GraphNode,
  isExactInteger,
  isModelFile,
  MAX_SEED,
  type NodeInput,
  type Parameter,
  valueAt,
  writtenChoices,
} from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { isHolder } from "../graph/graph-view.ts";
import { modelFolder } from "../graph/model-folder.ts";
import { mediaAt } from "../graph/uploads.ts";
import { partAt } from "./object-parts.ts";
import { offeredOptions } from "./option-inputs.ts";
import type { RoleName } from "./roles.ts";

/** What the live backends say of one input. */
export interface InputFacts {
  readonly input: NodeInput | null;
  /** What any of them offers; null: anything, or nobody knows. */
  readonly choices: readonly Choice[] | null;
  /** What all that know the input offer: a form's job may go to any of them. */
  readonly common: readonly Choice[];
}

/** What the backends say of a node's input, all of them together. */
export function inputFacts(backends: readonly DescribedBackend[], node: GraphNode, name: string): InputFacts {
  const part = partAt(node, name);
  if (part !== null) return { input: part.facts, choices: null, common: [] };
  const described = backends.map(({ catalog, info }) => ({
    input: inputOf(info?.[node.class_type]?.inputs ?? {}, node, name),
    listed: catalog[node.class_type]?.[name] ?? null,
  }));
  const offers = described
    .map(({ input, listed }): readonly Choice[] | null => input?.choices ?? listed)
    .filter((list) => list !== null);
  const choices = [...new Set(offers.flat())];
  return {
    input: described.find(({ input }) => input !== undefined)?.input ?? null,
    choices: offers.length === 0 ? null : choices,
    common: choices.filter((choice) => offers.every((list) => list.includes(choice))),
  };
}

/** An input by its name in the graph: `resize_type.width` is the one that the node's choice of `resize_type` brings. */
function inputOf(
  inputs: Readonly<Record<string, NodeInput>>,
  node: GraphNode,
  name: string,
  prefix = "",
): NodeInput | undefined {
  const own = inputs[name.slice(prefix.length)];
  if (own !== undefined) return own;
  for (const [holder, { options = [] }] of Object.entries(inputs)) {
    const full = `${prefix}${holder}`;
    const chosen = options.find(({ key }) => key === node.inputs[full]);
    if (chosen !== undefined && name.startsWith(`${full}.`)) return inputOf(chosen.inputs, node, name, `${full}.`);
  }
  return undefined;
}

/** Wide enough for what a graph asks for, narrow enough for a number that a form should offer. */
const UNKNOWN_MAX = 1_000_000;

/**
 * The parameter that an input would make: its kind from the node's declaration, or from its value where no backend knows
 * the node. Null for what no caller should set: names of files on the server, and buttons of ComfyUI's own form.
 */
export function parameterFor(
  node: GraphNode,
  input: string,
  { facts, role }: { facts: InputFacts; role: RoleName | null },
): Parameter | null {
  const given = valueAt(node, input);
  const base = { name: "value", label: "Value", required: false };
  if (/(^|_)prefix$/.test(input) || input === "control_after_generate" || /^(upload|choose file)/.test(input))
    return null;
  const media = mediaAt(node, input, facts.input);
  if (media === "video" || media === "audio" || media === "3d") return { ...base, kind: media, required: true };
  if (media !== null)
    return media === "image" ? { ...base, kind: role === "mask" ? "mask" : "image", required: true } : null;
  // A loader's other inputs are nothing that people set, and a file of another kind cannot be sent yet.
  if (/^Load(Image|Video|Audio|Latent|3D)/.test(node.class_type)) return null;
  const value = validValue(given, facts.input);
  const written = writtenChoices(node, input);
  if (written !== null) return isChoice(value) ? comboParameter(base, value, written) : null;
  const options = facts.input?.options;
  if (options !== undefined)
    return isChoice(value) ? comboParameter(base, value, offeredOptions(options, value)) : null;
  const choices = facts.choices ?? [];
  const isFile = (choice: Choice): boolean => typeof choice === "string" && isModelFile(choice);
  if (typeof value === "string" && (isFile(value) || choices.some(isFile))) return modelParameter(base, value, input);
  // A list of models that is empty on the backend now.
  const isEmptyList = facts.input?.type === "COMBO" && choices.length === 0 && /_(name|path)\d?$/.test(input);
  if (typeof value === "string" && isEmptyList) return modelParameter(base, value, input);
  if (choices.length > 0 && isChoice(value)) {
    const offered = facts.common.length > 0 ? facts.common : choices;
    return { ...base, kind: "choice", choices: [...offered], ...(offered.includes(value) ? { default: value } : {}) };
  }
  if (typeof value === "boolean") return { ...base, kind: "boolean", default: value };
  if (typeof value === "number") {
    const parameter = numberParameter(base, value, {
      isSeed: isSeed(node, input, { facts, role }),
      facts: facts.input,
    });
    // What a form cannot hold exactly stays fixed in the graph; a seed has no default, so it loses nothing.
    return isExactInteger(given) && parameter.kind !== "seed" ? null : parameter;
  }
  if (facts.input !== null && facts.input.type !== "STRING") return null;
  // A list of texts is one text in a form, to be written anew.
  const isList = facts.input !== null && typeof given === "object" && given !== null && "__value__" in given;
  if (typeof value !== "string" && !isList) return null;
  const isDynamic = node._meta?.dynamicPrompts?.includes(input) === true;
  const text = typeof value === "string" ? { default: value, max: Math.max(4000, value.length) } : { max: 4000 };
  return { ...base, kind: "text", ...text, ...(isDynamic ? { dynamicPrompts: true } : {}) };
}

/** The graph's value; where it is none of the input's type (a file of an older node), the class's default. */
function validValue(given: unknown, input: NodeInput | null): unknown {
  const value = isExactInteger(given) ? Number(given.$integer) : given;
  const { type, default: fallback, min = 0, max = Number.POSITIVE_INFINITY } = input ?? {};
  if (type === "INT" || type === "FLOAT") {
    const isRight = typeof value === "number" && (type === "FLOAT" || Number.isInteger(value));
    return isRight ? value : typeof fallback === "number" ? fallback : Math.min(Math.max(0, min), max);
  }
  if (type === "BOOLEAN" && typeof value !== "boolean") return fallback === true;
  return value;
}

const isChoice = (value: unknown): value is Choice => ["string", "number", "boolean"].includes(typeof value);

/**
 * Whether a number is drawn anew at each run. ComfyUI's own node for a whole number (`PrimitiveInt`) asks for that, too, whatever
 * the number is for: there it is the input that it ends at that tells.
 */
function isSeed(
  node: GraphNode,
  input: string,
  { facts, role }: { facts: InputFacts; role: RoleName | null },
): boolean {
  return role === "seed" || /(^|_)seed$/.test(input) || (facts.input?.drawn === true && !isHolder(node));
}

type Base = Pick<Parameter, "name" | "label" | "required">;

/** A dynamic combo, or one with choices of its own: what follows from it depends on its value, so that a form always has one. */
function comboParameter(base: Base, value: Choice, options: readonly string[]): Parameter | null {
  const [first] = options;
  if (first === undefined) return null;
  const own = options.find((option) => option === value);
  return { ...base, kind: "choice", required: true, choices: [...options], default: own ?? first };
}

function modelParameter(base: Base, value: string, input: string): Parameter {
  const folder = modelFolder(input) ?? "models";
  return { ...base, kind: "model", folder, advanced: true, ...(value === "" ? {} : { default: value }) };
}

function numberParameter(
  base: Base,
  value: number,
  { isSeed, facts }: { isSeed: boolean; facts: NodeInput | null },
): Parameter {
  const { step } = facts ?? {};
  const min = facts?.min ?? Math.min(0, value);
  const max = facts?.max ?? UNKNOWN_MAX;
  if (isSeed) {
    return { ...base, kind: "seed", min: Math.max(0, min), max: Math.min(MAX_SEED, facts?.max ?? MAX_SEED) };
  }
  const isWhole = facts === null ? Number.isInteger(value) : facts.type === "INT";
  // What the node would refuse is no default: the graph's own value stays in its place, and a check tells of it.
  const fallback = value >= min && value <= max ? { default: isWhole ? Math.trunc(value) : value } : {};
  if (!isWhole) {
    return { ...base, kind: "number", ...fallback, min, max, ...(step === undefined ? {} : { step }) };
  }
  const whole = Math.trunc(value);
  const low = Math.max(Math.ceil(min), Number.MIN_SAFE_INTEGER);
  const isOnStep = step !== undefined && Number.isInteger(step) && step > 1 && (whole - low) % step === 0;
  return {
    ...base,
    kind: "integer",
    ...(Number.isSafeInteger(whole) ? fallback : {}),
    min: low,
    max: Math.min(Math.floor(max), Number.MAX_SAFE_INTEGER),
    ...(isOnStep ? { step } : {}),
  };
}
