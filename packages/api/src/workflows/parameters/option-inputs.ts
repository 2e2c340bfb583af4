import type { GraphNode, NodeInput } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";

/** An input that some options of a dynamic combo bring. */
export interface OptionInput {
  /** What no other input of the node has: two options may bring inputs of one name that differ. */
  readonly id: string;
  /** With the combo's name and a dot before its own: `resize_type.width`. */
  readonly name: string;
  /** The combo, by its id (its name, if the class itself declares it), and the options that bring the input. */
  readonly when: { readonly combo: string; readonly is: readonly string[] };
  /** The node with those choices made, and with a value for the input: the graph's, or else the class's default. */
  readonly node: GraphNode;
  /** Whether the graph holds it, because its own options bring it. */
  readonly isHeld: boolean;
}

type Inputs = Readonly<Record<string, NodeInput>>;
type Options = NonNullable<NodeInput["options"]>;

/**
 * What the options of the dynamic combos that a node holds bring, and of those inside them: the inputs that the graph's own options brought,
 * and those that another choice would. What only a link can feed is left out. Options that declare an input alike share it.
 */
export function optionInputs(node: GraphNode, backends: readonly DescribedBackend[]): OptionInput[] {
  const declared = backends.map(({ info }) => info?.[node.class_type]?.inputs).find((inputs) => inputs !== undefined);
  return Object.entries(declared ?? {}).flatMap(([name, { options = [] }]) =>
    node.inputs[name] === undefined ? [] : broughtBy({ id: name, name }, options, { graphs: node, chosen: node }),
  );
}

/**
 * @param graphs the node as the graph has it
 * @param chosen the node with the choices that lead to this combo
 */
function broughtBy(
  combo: { readonly id: string; readonly name: string },
  options: Options,
  { graphs, chosen }: { graphs: GraphNode; chosen: GraphNode },
): OptionInput[] {
  const isReached = Object.entries(chosen.inputs).every(([name, value]) => graphs.inputs[name] === value);
  const own = isReached ? graphs.inputs[combo.name] : undefined;
  return sharedInputs(options).flatMap(({ name: short, input, is }): OptionInput[] => {
    const option = is.find((key) => key === own) ?? is[0] ?? "";
    const id = `${combo.id}.${short}:${is[0]}`;
    const name = `${combo.name}.${short}`;
    const isHeld = option === own && graphs.inputs[name] !== undefined;
    const value = isHeld ? graphs.inputs[name] : defaultOf(input);
    const through = { ...chosen, inputs: { ...chosen.inputs, [combo.name]: option } };
    const filled = { ...through, inputs: { ...through.inputs, [name]: value } };
    const one = { id, name, when: { combo: combo.id, is }, node: filled, isHeld };
    return [
      ...(isWidget(input) ? [one] : []),
      ...broughtBy({ id, name }, input.options ?? [], { graphs, chosen: through }),
    ];
  });
}

/** What the options declare, each input once with all the options that declare it alike. */
function sharedInputs(options: Options): { name: string; input: NodeInput; is: string[] }[] {
  const shared = new Map<string, { name: string; input: NodeInput; is: string[] }>();
  for (const { key, inputs } of options) {
    for (const [name, input] of Object.entries(inputs)) {
      const declaration = `${name} ${JSON.stringify(input)}`;
      const held = shared.get(declaration);
      if (held === undefined) shared.set(declaration, { name, input, is: [key] });
      else held.is.push(key);
    }
  }
  return [...shared.values()];
}

/** The options of a dynamic combo that a form can offer: the graph's own, and those that need no link which it lacks. */
export function offeredOptions(options: Options, own: unknown): string[] {
  return options.filter(({ key, inputs }) => key === own || needsNoLink(inputs)).map(({ key }) => key);
}

function needsNoLink(inputs: Inputs): boolean {
  return Object.values(inputs).every(
    (input) =>
      !input.required ||
      isWidget(input) ||
      input.grows?.min === 0 ||
      input.options?.some((one) => needsNoLink(one.inputs)),
  );
}

/** An input that holds a value of its own. */
function isWidget({ type, options }: NodeInput): boolean {
  return options !== undefined || ["INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"].includes(type);
}

/** What ComfyUI's editor puts into an input that nobody has set. */
function defaultOf({ type, default: fallback, choices, options, min = 0, max = 0 }: NodeInput): unknown {
  if (fallback !== undefined) return fallback;
  if (type === "INT" || type === "FLOAT") return Math.min(Math.max(0, min), Math.max(max, min));
  if (type === "BOOLEAN") return false;
  return options?.[0]?.key ?? choices?.[0] ?? "";
}
