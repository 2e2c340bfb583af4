import type { GraphNode, NodeInput } from "@darkroom/contracts";

/** The inputs that a node has with the values that it is given. */
export interface DeclaredInputs {
  /** By the name that a graph has: `resize_type.width`, `images.image0`. */
  readonly inputs: ReadonlyMap<string, NodeInput>;
  /** What ComfyUI lets pass here, and what fails when the node runs. */
  readonly faults: readonly Fault[];
}

/** Something that only shows when the node runs. */
export interface Fault {
  readonly field: string;
  readonly message: string;
  readonly isMissing: boolean;
  /** False where it is up to the node what it makes of it. */
  readonly isFatal: boolean;
}

/**
 * What a class declares, with the inputs that its dynamic ones bring (as ComfyUI 0.33.0 expands them): those of the chosen option of a
 * dynamic combo, and all that an input may grow to, of which the first `min` are required.
 */
export function declaredInputs(declared: Readonly<Record<string, NodeInput>>, node: GraphNode): DeclaredInputs {
  const inputs = new Map<string, NodeInput>();
  const faults: Fault[] = [];
  const expand = (some: Readonly<Record<string, NodeInput>>, prefix: string): void => {
    for (const [own, input] of Object.entries(some)) {
      const name = `${prefix}${own}`;
      if (input.options !== undefined) expandOptions(name, input, input.options);
      else if (input.grows !== undefined) expandGrowth(name, input.grows);
      else inputs.set(name, input);
    }
  };

  /**
   * A class cannot be called without its own dynamic combo. One inside another is a field of what the other brings, and some classes do
   * without it: SaveVideo runs without `format.codec` (0.33.0).
   */
  function expandOptions(name: string, input: NodeInput, options: NonNullable<NodeInput["options"]>): void {
    const given = node.inputs[name];
    const chosen = options.find(({ key }) => key === given);
    if (chosen !== undefined) {
      inputs.set(name, input);
      expand(chosen.inputs, `${name}.`);
      return;
    }
    const isMissing = given === undefined;
    if (isMissing && !input.required) return;
    const isFatal = declared[name] !== undefined;
    const effect = isFatal ? "fails when it runs" : "may fail when it runs";
    const keys = options.map(({ key }) => `“${key}”`).join(", ");
    const what = isMissing ? `${name} is not chosen` : `${name} is no choice of this node`;
    faults.push({ field: name, message: `${what}, and the node ${effect}. It takes ${keys}.`, isMissing, isFatal });
  }

  function expandGrowth(name: string, { names, min, input }: NonNullable<NodeInput["grows"]>): void {
    const known = new Set(names.map((own) => `${name}.${own}`));
    for (const [index, own] of names.entries()) {
      inputs.set(`${name}.${own}`, { ...input, required: input.required && index < min });
    }
    for (const [field, value] of Object.entries(node.inputs)) {
      if (!field.startsWith(`${name}.`) || known.has(field) || !Array.isArray(value)) continue;
      const message = `${field} is one more than this node takes (${names.length} at most), and fails when it runs.`;
      faults.push({ field, message, isMissing: false, isFatal: true });
    }
  }

  expand(declared, "");
  return { inputs, faults };
}
