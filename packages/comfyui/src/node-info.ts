import type { NodeFacts, NodeInfo, NodeInput } from "@darkroom/contracts";
import { choicesOf, entriesOf, fieldOf, inputsOf, isUpload } from "./object-info.ts";

/** Reduces `object_info` to what a graph can be checked against: types, bounds, defaults. Texts for people are left out. */
export function nodeInfo(objectInfo: unknown): NodeInfo {
  return Object.fromEntries(
    entriesOf(objectInfo).map(([className, definition]) => [className, describe(className, definition)]),
  );
}

function describe(className: string, definition: unknown): NodeFacts {
  const outputs = fieldOf(definition, "output");
  return {
    title: textOf(fieldOf(definition, "display_name")) ?? className,
    module: textOf(fieldOf(definition, "python_module")) ?? "",
    outputNode: fieldOf(definition, "output_node") === true,
    outputs: Array.isArray(outputs) ? outputs.map(outputType) : [],
    inputs: describeInputs(fieldOf(definition, "input"), typedChoices),
  };
}

/** @param choicesFor what is kept of the choices: the catalogue has those of the classes' own inputs as texts, and no others */
function describeInputs(groups: unknown, choicesFor: typeof typedChoices): NodeFacts["inputs"] {
  return Object.fromEntries(
    inputsOf({ input: groups }).map(({ name, spec, required }) => [name, describeInput(spec, required, choicesFor)]),
  );
}

function describeInput(spec: unknown, required: boolean, choicesFor: typeof typedChoices): NodeInput {
  const [head, options] = Array.isArray(spec) ? spec : [spec];
  const fallback = fieldOf(options, "default");
  return {
    type: typeOf(head),
    required,
    ...numberField("min", options),
    ...numberField("max", options),
    ...numberField("step", options),
    ...(isPlain(fallback) ? { default: fallback } : {}),
    ...choicesFor(spec),
    ...(fieldOf(options, "multiline") === true ? { multiline: true as const } : {}),
    ...(drawsItself(options) ? { drawn: true as const } : {}),
    ...(isUpload(options) ? { upload: true as const } : {}),
    ...(Array.isArray(head) ? { listed: true as const } : {}),
    ...(fieldOf(options, "multiselect") === true ? { multiselect: true as const } : {}),
    ...(isFetched(options) ? { fetched: true as const } : {}),
    ...(head === "COMFY_DYNAMICCOMBO_V3" ? dynamicOptions(options) : {}),
    ...(head === "COMFY_AUTOGROW_V3" ? growth(options) : {}),
  };
}

/** A class that gives out a list of choices instead of a type: two such lists fit if they are the same. */
function outputType(head: unknown): string {
  return Array.isArray(head) ? JSON.stringify(head) : String(head);
}

function isFetched(options: unknown): boolean {
  return fieldOf(options, "remote_combo") !== undefined && fieldOf(options, "remote_combo") !== null;
}

function dynamicOptions(options: unknown): Pick<NodeInput, "options"> {
  const list = fieldOf(options, "options");
  return {
    options: (Array.isArray(list) ? list : []).flatMap((option) => {
      const key = fieldOf(option, "key");
      return typeof key === "string" ? [{ key, inputs: describeInputs(fieldOf(option, "inputs"), allChoices) }] : [];
    }),
  };
}

/** The names are given, or counted from 0 behind a prefix. */
function growth(options: unknown): Pick<NodeInput, "grows"> {
  const template = fieldOf(options, "template");
  const [{ spec, required } = { spec: "*", required: false }] = inputsOf({ input: fieldOf(template, "input") });
  const names = fieldOf(template, "names");
  const [prefix, min, max] = ["prefix", "min", "max"].map((name) => fieldOf(template, name));
  const counted = Array.from({ length: typeof max === "number" ? max : 0 }, (_, index) => `${prefix}${index}`);
  return {
    grows: {
      names: Array.isArray(names) ? names.map(String) : counted,
      min: typeof min === "number" ? min : 0,
      input: describeInput(spec, required, allChoices),
    },
  };
}

function allChoices(spec: unknown): Pick<NodeInput, "choices"> {
  const choices = choicesOf(spec)?.filter(isPlain);
  return choices === undefined ? {} : { choices };
}

/** The choices with their types, if not all of them are texts: the catalogue has those. */
function typedChoices(spec: unknown): Pick<NodeInput, "choices"> {
  const choices = choicesOf(spec)?.filter(isPlain) ?? [];
  return choices.every((choice) => typeof choice === "string") ? {} : { choices };
}

/** A list of choices instead of a type is a combo. */
function typeOf(head: unknown): string {
  return Array.isArray(head) ? "COMBO" : String(head);
}

function drawsItself(options: unknown): boolean {
  const control = fieldOf(options, "control_after_generate");
  return control !== undefined && control !== null && control !== false;
}

function numberField<Name extends string>(name: Name, options: unknown): { readonly [Key in Name]?: number } {
  const value = fieldOf(options, name);
  return typeof value === "number" && Number.isFinite(value) ? ({ [name]: value } as { [Key in Name]: number }) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function isPlain(value: unknown): value is string | number | boolean {
  return (
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
  );
}
