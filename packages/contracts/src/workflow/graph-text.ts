/**
 * A whole number beyond ±2^53, by its digits: JavaScript would round it to another number, and seeds of ComfyUI go to 2^64.
 * A graph holds it like this from the text it was read from to the text that is sent.
 */
export interface ExactInteger {
  readonly $integer: string;
}

export function isExactInteger(value: unknown): value is ExactInteger {
  return typeof value === "object" && value !== null && "$integer" in value && /^-?\d+$/.test(String(value.$integer));
}

// Texts are matched first, and whole, so that nothing inside them is taken for a number. Runs of plain characters are one
// match: one by one, a text of some megabytes would exhaust the stack. A text without its closing quote matches up to the
// end: otherwise the search would begin again at each quote inside it, and take time that grows with the square of its length.
const stringOrNumber = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses the JSON of a graph as Python and people write it: a byte order mark before it is skipped, and whole numbers that JavaScript cannot
 * hold keep their digits ({@link ExactInteger}). A bare `NaN` or `Infinity` becomes null; in an input of a node that runs its
 * name as a text, of which ComfyUI's Python makes the same.
 *
 * @throws SyntaxError for what is no JSON even so
 */
export function parseGraphText(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, "");
  let hasBare = false;
  const parsed: unknown = JSON.parse(
    plain.replace(stringOrNumber, (token) => {
      if (token.startsWith('"')) return token;
      if (token.endsWith("Infinity") || token === "NaN") {
        hasBare = true;
        return `{"$bare":"${token}"}`;
      }
      return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `{"$integer":"${token}"}` : token;
    }),
  );
  return hasBare ? withoutBare(parsed) : parsed;
}

interface Place {
  readonly holder: object;
  /** True for the inputs of a node in the format of ComfyUI's API. */
  readonly isInputs: boolean;
}

/** What was just parsed, with the names of numbers put where they belong; by hand and not by recursion, as it may be of any depth. */
function withoutBare(parsed: unknown): unknown {
  const top = { parsed };
  const waiting: Place[] = [{ holder: top, isInputs: false }];
  for (const { holder, isInputs } of waiting) {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value !== "object" || value === null) continue;
      if (!("$bare" in value)) {
        waiting.push({ holder: value, isInputs: key === "inputs" && "class_type" in holder });
        continue;
      }
      const settled = isInputs ? value.$bare : null;
      Object.defineProperty(holder, key, { value: settled, writable: true, enumerable: true, configurable: true });
    }
  }
  return top.parsed;
}

/**
 * Where graphs stand inside other JSON, as the names that lead to them. What ran (in the format of ComfyUI's API) stands before what was
 * drawn, so that whoever takes the first takes that.
 */
export const graphPlaces: readonly (readonly string[])[] = [
  // The body of `POST /prompt`, what nodes write into one comment, what the editor's `graphToPrompt` answers.
  ["prompt"],
  ["output"],
  // RunPod's worker and services like it.
  ["input", "prompt"],
  // glTF, and the head of safetensors.
  ["asset", "extras", "prompt"],
  ["__metadata__", "prompt"],
  ["workflow"],
  ["input", "workflow"],
  ["extra_data", "extra_pnginfo", "workflow"],
  ["extra_pnginfo", "workflow"],
  ["asset", "extras", "workflow"],
  ["__metadata__", "workflow"],
];

/** The JSON of a graph, as ComfyUI takes it: the inverse of {@link parseGraphText}. */
export function graphText(graph: unknown, indent?: number): string {
  // In JSON a quote inside a text is escaped, so that this can only match a value.
  return JSON.stringify(graph, null, indent).replace(/\{\s*"\$integer":\s*"(-?\d+)"\s*\}/g, "$1");
}

/**
 * The text of a JSON file, without a byte order mark: UTF-16 if the mark says so or if one of the first two bytes is 0, as
 * JSON begins with an ASCII character; else UTF-8. Of a file that is not whole, `isCut`, the end may be half a character.
 *
 * @throws TypeError for what is neither: other letters would be read of it than were written
 */
export function textOfFile(bytes: Uint8Array, { isCut = false }: { readonly isCut?: boolean } = {}): string {
  return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes, { stream: isCut });
}

function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  return (first === 0xfe && second === 0xff) || first === 0 ? "utf-16be" : "utf-8";
}
