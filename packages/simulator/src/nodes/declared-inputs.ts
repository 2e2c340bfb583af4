import type { InputSpec, NodeInputs } from "./node-type.ts";

/** An input by the name that a graph has for it, and whether it must be there. */
export type DeclaredInput = readonly [name: string, spec: InputSpec, required: boolean];

/**
 * What a class declares, the required ones first, with what the dynamic inputs of the newer interface bring: those of the chosen option
 * of a dynamic combo (`resize_type.width`), and all that a growing input may grow to (`images.image0`), of which the first `min` must be
 * there. An option that there is not brings nothing, and is not looked at.
 */
export function declaredInputs(inputs: NodeInputs, given: Readonly<Record<string, unknown>>): DeclaredInput[] {
  return expand(inputs, given, "");
}

function expand(
  inputs: Partial<NodeInputs>,
  given: Readonly<Record<string, unknown>>,
  prefix: string,
): DeclaredInput[] {
  const own = [
    ...Object.entries(inputs.required ?? {}).map(([name, spec]): DeclaredInput => [name, spec, true]),
    ...Object.entries(inputs.optional ?? {}).map(([name, spec]): DeclaredInput => [name, spec, false]),
  ];
  return own.flatMap(([name, spec, required]): DeclaredInput[] => {
    const full = `${prefix}${name}`;
    if (spec[0] === "COMFY_AUTOGROW_V3") return grown(full, spec);
    if (spec[0] !== "COMFY_DYNAMICCOMBO_V3") return [[full, spec, required]];
    const options = (spec[1]?.options ?? []) as readonly { key: string; inputs: Partial<NodeInputs> }[];
    const chosen = options.find(({ key }) => key === given[full]);
    return chosen === undefined ? [] : [[full, spec, required], ...expand(chosen.inputs, given, `${full}.`)];
  });
}

interface Template {
  readonly input?: Partial<NodeInputs>;
  readonly names?: readonly string[];
  readonly prefix?: string;
  readonly min?: number;
  readonly max?: number;
}

function grown(full: string, spec: InputSpec): DeclaredInput[] {
  const options: { readonly template?: Template } = spec[1] ?? {};
  const { input = {}, names, prefix = "", min = 0, max = 0 } = options.template ?? {};
  const [[, one, required] = ["", ["*"], false] as DeclaredInput] = expand(input, {}, "");
  const counted = Array.from({ length: max }, (_, index) => `${prefix}${index}`);
  return (names ?? counted).map((name, index) => [`${full}.${name}`, one, required && index < min]);
}
