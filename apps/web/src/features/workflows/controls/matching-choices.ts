import type { Choice } from "@darkroom/contracts";

/** A choice as people read it: a model without the ending of its file. */
export const choiceName = (choice: Choice): string => String(choice).replace(/\.(safetensors|ckpt|pth)$/, "");

/** The choices that have every word of `text` in their names, those whose own name begins with it first, else in their order. */
export function matchingChoices(choices: readonly Choice[], text: string): readonly Choice[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = choices.filter((choice) => words.every((word) => String(choice).toLowerCase().includes(word)));
  const [first] = words;
  if (first === undefined) return found;
  // Folders come before a model's own name, with either slash.
  const begins = (choice: Choice): boolean =>
    (String(choice).toLowerCase().split(/[\\/]/).at(-1) ?? "").startsWith(first);
  return [...found.filter(begins), ...found.filter((choice) => !begins(choice))];
}
