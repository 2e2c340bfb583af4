/** Python writes NaN and Infinity bare into JSON. `JSON.parse` throws on them, so one broken number would cost a whole answer. */

// Runs of plain characters are taken whole: one by one, a text of some megabytes would exhaust the stack. A text without its
// closing quote matches up to the end: otherwise the search would begin again at each quote inside it, and take time that
// grows with the square of its length.
const stringOrBareNumber = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|-?Infinity|NaN/g;

/** Parses JSON; bare `NaN`, `Infinity` and `-Infinity` become null. Throws SyntaxError for anything else that is not JSON. */
export function parseTolerantJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(stringOrBareNumber, (token) => (token.startsWith('"') ? token : "null")));
  }
}
