import { choicesOf, entriesOf, fieldOf, inputsOf, isUpload } from "./object-info.ts";

/** What `object_info` says of one class. Structurally `NodeFacts` of the contracts. */
export interface DescribedNode {
  readonly title: string;
  readonly module: string;
  readonly outputNode: boolean;
  readonly outputs: readonly string[];
  readonly inputs: Readonly<Record<string, DescribedInput>>;
}

interface DescribedInput {
  readonly type: string;
  readonly required: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly default?: string | number | boolean;
  readonly choices?: readonly (string | number | boolean)[];
  readonly multiline?: true;
  readonly drawn?: true;
  readonly upload?: true;
}

/** Reduces `object_info` to what a graph can be checked against: types, bounds, defaults. Texts for people are left out. */
export function nodeInfo(objectInfo: unknown): Readonly<Record<string, DescribedNode>> {
  return Object.fromEntries(
    entriesOf(objectInfo).map(([className, definition]) => [className, describe(className, definition)]),
  );
}

function describe(className: string, definition: unknown): DescribedNode {
  const outputs = fieldOf(definition, "output");
  return {
    title: textOf(fieldOf(definition, "display_name")) ?? className,
    module: textOf(fieldOf(definition, "python_module")) ?? "",
    outputNode: fieldOf(definition, "output_node") === true,
    outputs: Array.isArray(outputs) ? outputs.map(typeOf) : [],
    inputs: Object.fromEntries(
      inputsOf(definition).map(({ name, spec, required }) => [name, describeInput(spec, required)]),
    ),
  };
}

function describeInput(spec: unknown, required: boolean): DescribedInput {
  const [head, options] = Array.isArray(spec) ? spec : [spec];
  const fallback = fieldOf(options, "default");
  return {
    type: typeOf(head),
    required,
    ...numberField("min", options),
    ...numberField("max", options),
    ...numberField("step", options),
    ...(isPlain(fallback) ? { default: fallback } : {}),
    ...typedChoices(spec),
    ...(fieldOf(options, "multiline") === true ? { multiline: true as const } : {}),
    ...(drawsItself(options) ? { drawn: true as const } : {}),
    ...(isUpload(options) ? { upload: true as const } : {}),
  };
}

/** The choices with their types, if not all of them are texts: the catalogue has those. */
function typedChoices(spec: unknown): Pick<DescribedInput, "choices"> {
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
