/** Python writes NaN and Infinity bare into JSON. `JSON.parse` throws on them, so one broken number would cost a whole answer. */

// Runs of plain characters are taken whole: one by one, a text of some megabytes would exhaust the stack.
const stringOrBareNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g;

/** Parses JSON; bare `NaN`, `Infinity` and `-Infinity` become null. Throws SyntaxError for anything else that is not JSON. */
export function parseTolerantJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(stringOrBareNumber, (token) => (token.startsWith('"') ? token : "null")));
  }
}
