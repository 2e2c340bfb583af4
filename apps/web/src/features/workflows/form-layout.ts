import type { FormParameter } from "./draft.ts";

/** What a form needs once in a while, by the names that bundled and imported workflows share; all else is for its author to fold. */
const SELDOM: ReadonlySet<string> = new Set(["negativePrompt", "steps", "count"]);

/** What of a form is seen at once, and what is behind a click. */
export function foldedApart(
  parameters: readonly FormParameter[],
  always: readonly FormParameter[],
): { readonly plain: readonly FormParameter[]; readonly folded: readonly FormParameter[] } {
  // A choice is not folded away from what it brings.
  const brings = ({ name }: FormParameter): boolean =>
    parameters.some(({ when, advanced }) => when?.parameter === name && advanced !== true);
  const folded = always.filter(
    (parameter) =>
      (parameter.advanced === true || (SELDOM.has(parameter.name) && !parameter.required)) && !brings(parameter),
  );
  return { plain: always.filter((parameter) => !folded.includes(parameter)), folded };
}
