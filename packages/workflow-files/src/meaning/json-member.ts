const token = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/**
 * The text of a member of the JSON object that stands in `json`, exactly as it is written: numbers keep their digits, which
 * parsing and writing anew would not. Undefined if it has no such member; of several the last, as `JSON.parse` takes it.
 *
 * @param json what a tolerant reader has taken: bare `NaN` may stand in it
 */
export function memberText(json: string, name: string): string | undefined {
  let depth = 0;
  let key: string | undefined;
  let from = -1;
  let found: string | undefined;
  for (const { 0: text, index } of json.matchAll(token)) {
    const isOuter = depth === 1;
    if (text === "{" || text === "[") depth += 1;
    else if (text === "}" || text === "]") depth -= 1;
    if (isOuter && from >= 0 && (text === "," || depth === 0)) {
      if (key === name) found = json.slice(from, index).trim();
      key = undefined;
      from = -1;
    } else if (isOuter && text === ":" && from < 0) from = index + 1;
    else if (isOuter && key === undefined && text.startsWith('"')) key = JSON.parse(text);
  }
  return found;
}
