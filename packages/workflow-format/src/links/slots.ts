import type { LayoutInput, NodeLayout } from "@darkroom/contracts";
import type { EditorInput, EditorNode } from "../read/editor-workflow.ts";

/**
 * The inputs of a node in the order in which the editor has them once it is loaded: the sockets of its class, then the
 * widgets of its class, then what only the file has (frontend 1.45.0). A file leaves out widgets without a link, so that its
 * own order counts only for classes nobody knows, and for those whose slots depend on their values and links: the frontends
 * that have such classes write all slots.
 */
export function slotsOf(node: EditorNode, layout: NodeLayout | undefined): readonly EditorInput[] {
  if (layout === undefined || layout.inputs.some(isGrowing)) return node.inputs;
  const inFile = new Map(node.inputs.map((input) => [input.name, input]));
  const ofClass = [
    ...layout.inputs.filter(({ widget }) => widget === undefined),
    ...layout.inputs.filter(({ widget }) => widget !== undefined),
  ].map(({ name, type }) => {
    const found = inFile.get(name) ?? { name, type, link: null, widget: null };
    inFile.delete(name);
    return declared(found, layout);
  });
  return [...ofClass, ...inFile.values()];
}

/** An input of the file with the type and the widget that its class gives it. */
export function declared(input: EditorInput, layout: NodeLayout | undefined): EditorInput {
  const known = layout?.inputs.find(({ name }) => name === input.name);
  if (known === undefined) return input;
  const type = isMatched(known.type) ? input.type : known.type;
  return { name: input.name, type, link: input.link, widget: known.widget ? input.name : null };
}

function isGrowing({ type, options }: LayoutInput): boolean {
  return options !== undefined || type === "COMFY_AUTOGROW_V3" || type === "COMFY_DYNAMICSLOT_V3";
}

/** A type that is made out from what the slot is linked to. The file has it. */
export function isMatched(type: string): boolean {
  return type === "COMFY_MATCHTYPE_V3";
}

/** Whether a link may join the two types. `*` joins any; a type may list several, `INT,FLOAT`. */
export function fits(one: string, other: string): boolean {
  if (one === "*" || other === "*" || one === "" || other === "" || one === other) return true;
  const types = new Set(one.toLowerCase().split(","));
  return other
    .toLowerCase()
    .split(",")
    .some((type) => types.has(type));
}

/**
 * Which input a bypassed node hands on at an output (frontend 1.45.0): for a target that takes anything the one at the same
 * place, else the first; else the one at the same place if its type fits both the output and the target; else the first
 * of exactly the target's type; else the first that fits it. -1: none, and the link ends. Whether the input is linked is
 * not asked.
 */
export function bypassIndex(inputs: readonly EditorInput[], slot: number, output: string, target: string): number {
  const same = inputs[slot];
  if (target === "*" || target === "") return same === undefined ? Math.min(0, inputs.length - 1) : slot;
  if (same !== undefined && fits(same.type, output) && fits(same.type, target)) return slot;
  const exact = inputs.findIndex(({ type }) => type === target);
  return exact >= 0 ? exact : inputs.findIndex(({ type }) => fits(type, target));
}
