import type { GraphNode, NodeInput } from "@darkroom/contracts";

/** The inputs that a node has with the values that it is given. */
export interface DeclaredInputs {
  /** By the name that a graph has: `resize_type.width`, `images.image0`. */
  readonly inputs: ReadonlyMap<string, NodeInput>;
  /** What ComfyUI lets pass here, and what fails when the node runs. */
  readonly faults: readonly { readonly field: string; readonly message: string; readonly isMissing: boolean }[];
}

/**
 * What a class declares, with the inputs that its dynamic ones bring (as ComfyUI 0.33.0 expands them): those of the chosen option of a
 * dynamic combo, and all that an input may grow to, of which the first `min` are required.
 */
export function declaredInputs(declared: Readonly<Record<string, NodeInput>>, node: GraphNode): DeclaredInputs {
  const inputs = new Map<string, NodeInput>();
  const faults: DeclaredInputs["faults"][number][] = [];
  const expand = (some: Readonly<Record<string, NodeInput>>, prefix: string): void => {
    for (const [own, input] of Object.entries(some)) {
      const name = `${prefix}${own}`;
      if (input.options !== undefined) expandOptions(name, input, input.options);
      else if (input.grows !== undefined) expandGrowth(name, input.grows);
      else inputs.set(name, input);
    }
  };

  function expandOptions(name: string, input: NodeInput, options: NonNullable<NodeInput["options"]>): void {
    const given = node.inputs[name];
    const keys = options.map(({ key }) => `“${key}”`).join(", ");
    const chosen = options.find(({ key }) => key === given);
    if (chosen !== undefined) {
      inputs.set(name, input);
      expand(chosen.inputs, `${name}.`);
    } else if (given !== undefined) {
      const message = `${name} is no choice of this node, and fails when it runs. It takes ${keys}.`;
      faults.push({ field: name, message, isMissing: false });
    } else if (input.required) {
      const message = `${name} is not chosen, and the node fails when it runs. It takes ${keys}.`;
      faults.push({ field: name, message, isMissing: true });
    }
  }

  function expandGrowth(name: string, { names, min, input }: NonNullable<NodeInput["grows"]>): void {
    const known = new Set(names.map((own) => `${name}.${own}`));
    for (const [index, own] of names.entries()) {
      inputs.set(`${name}.${own}`, { ...input, required: input.required && index < min });
    }
    for (const [field, value] of Object.entries(node.inputs)) {
      if (!field.startsWith(`${name}.`) || known.has(field) || !Array.isArray(value)) continue;
      const message = `${field} is one more than this node takes (${names.length} at most), and fails when it runs.`;
      faults.push({ field, message, isMissing: false });
    }
  }

  expand(declared, "");
  return { inputs, faults };
}
