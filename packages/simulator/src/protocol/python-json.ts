/** Writes JSON as ComfyUI's Python does: spaces after separators, ASCII only, and NaN and Infinity bare. */
export function toPythonJson(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return asciiOnly(JSON.stringify(value));
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(toPythonJson).join(", ")}]`;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries.map(([key, entry]) => `${asciiOnly(JSON.stringify(key))}: ${toPythonJson(entry)}`).join(", ")}}`;
}

// Runs of plain characters are taken whole: one by one, a text of some megabytes would exhaust the stack.
const stringOrBareNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g;

/** Reads JSON as Python does: an integer keeps all its digits, and NaN and Infinity may stand bare. Throws for what is no JSON. */
export function parsePythonJson(text: string): unknown {
  const plain = text.replace(stringOrBareNumber, (token) => (token.startsWith('"') ? token : `{"$bare":"${token}"}`));
  return JSON.parse(plain, (_: string, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? "";
    if (typeof value === "object" && value !== null && "$bare" in value) return Number(value.$bare);
    const isLarge = typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source);
    return isLarge ? BigInt(source) : value;
  });
}

/** Reads what Python wrote: its bare `NaN`, `Infinity` and `-Infinity` become null. Throws SyntaxError for what else is no JSON. */
export function parsePythonOutput(text: string): unknown {
  return JSON.parse(text.replace(stringOrBareNumber, (token) => (token.startsWith('"') ? token : "null")));
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "Infinity";
  if (value === Number.NEGATIVE_INFINITY) return "-Infinity";
  return JSON.stringify(value);
}

function asciiOnly(json: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the complement of ASCII is what is meant
  return json.replace(/[^\x00-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
