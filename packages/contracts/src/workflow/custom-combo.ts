import type { GraphNode } from "./workflow.ts";

/**
 * What a person may choose in a `CustomCombo` (ComfyUI 0.24), whose author wrote the choices into the node: `option1`, `option2` … up to the
 * first empty one. Null for any other input.
 */
export function writtenChoices({ class_type, inputs }: GraphNode, input: string): readonly string[] | null {
  if (class_type !== "CustomCombo" || input !== "choice") return null;
  const choices: string[] = [];
  for (let at = 1; ; at += 1) {
    const option = inputs[`option${at}`];
    if (typeof option !== "string" || option === "") return choices;
    choices.push(option);
  }
}

/** What goes along with a value that is put into an input: the node is also sent which of its choices that is, and gives it to others. */
export function broughtBy(node: GraphNode, input: string, value: unknown): GraphNode["inputs"] {
  const at = typeof value === "string" ? writtenChoices(node, input)?.indexOf(value) : undefined;
  return at === undefined ? {} : { index: at };
}
