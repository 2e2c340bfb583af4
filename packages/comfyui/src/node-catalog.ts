/** Class → input → accepted choices; null: any value of the input's type. Structurally `NodeCatalog` of the contracts. */
export type NodeChoices = Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;

/**
 * Reduces `object_info` to what deciding needs. A choice comes in several forms: `[["a","b"],{…}]`,
 * `["COMBO",{"options":[…]}]`, `["COMBO",{"remote":{…}}]` (unknown until fetched: null) and
 * `["COMFY_DYNAMICCOMBO_V3",{"options":[{"key":…}]}]`.
 */
export function nodeCatalog(objectInfo: unknown): NodeChoices {
  const catalog: Record<string, Record<string, readonly string[] | null>> = {};
  for (const [className, definition] of entriesOf(objectInfo)) {
    const inputs: Record<string, readonly string[] | null> = {};
    const groups = fieldOf(definition, "input");
    for (const group of ["required", "optional"]) {
      for (const [name, spec] of entriesOf(fieldOf(groups, group))) inputs[name] = choicesOf(spec);
    }
    catalog[className] = inputs;
  }
  return catalog;
}

function choicesOf(spec: unknown): readonly string[] | null {
  if (!Array.isArray(spec)) return null;
  const [head, options] = spec;
  // An upload input also takes files that are not listed, for example those in subfolders.
  if (fieldOf(options, "image_upload") === true || fieldOf(options, "video_upload") === true) return null;
  if (Array.isArray(head)) return head.map(String);
  if (head !== "COMBO" && !(typeof head === "string" && head.startsWith("COMFY_DYNAMICCOMBO"))) return null;
  const list = fieldOf(options, "options");
  if (!Array.isArray(list)) return null;
  return list.map((option) => {
    const key = fieldOf(option, "key");
    return typeof key === "string" ? key : String(option);
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
