import { entriesOf, fieldOf, inputsOf, isUpload } from "./object-info.ts";

/** Class → input → accepted choices; null: any value of the input's type. Structurally `NodeCatalog` of the contracts. */
export type NodeChoices = Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;

/**
 * Reduces `object_info` to what deciding needs. A choice comes in several forms: `[["a","b"],{…}]`,
 * `["COMBO",{"options":[…]}]`, `["COMBO",{"remote":{…}}]` (unknown until fetched: null) and
 * `["COMFY_DYNAMICCOMBO_V3",{"options":[{"key":…}]}]`.
 */
export function nodeCatalog(objectInfo: unknown): NodeChoices {
  return Object.fromEntries(
    entriesOf(objectInfo).map(([className, definition]) => [
      className,
      Object.fromEntries(inputsOf(definition).map(({ name, spec }) => [name, choicesOf(spec)])),
    ]),
  );
}

function choicesOf(spec: unknown): readonly string[] | null {
  if (!Array.isArray(spec)) return null;
  const [head, options] = spec;
  if (isUpload(options)) return null;
  if (Array.isArray(head)) return head.map(String);
  if (head !== "COMBO" && !(typeof head === "string" && head.startsWith("COMFY_DYNAMICCOMBO"))) return null;
  const list = fieldOf(options, "options");
  if (!Array.isArray(list)) return null;
  return list.map((option) => {
    const key = fieldOf(option, "key");
    return typeof key === "string" ? key : String(option);
  });
}
