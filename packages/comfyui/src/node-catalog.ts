import { choicesOf, entriesOf, inputsOf } from "./object-info.ts";

/** Class → input → accepted choices; null: any value of the input's type. Structurally `NodeCatalog` of the contracts. */
export type NodeChoices = Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;

/** Reduces `object_info` to what deciding needs: each input's choices, as texts. */
export function nodeCatalog(objectInfo: unknown): NodeChoices {
  return Object.fromEntries(
    entriesOf(objectInfo).map(([className, definition]) => [
      className,
      Object.fromEntries(inputsOf(definition).map(({ name, spec }) => [name, choicesOf(spec)?.map(String) ?? null])),
    ]),
  );
}
