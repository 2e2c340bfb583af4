/** A function and how many lines it has, from its signature to its closing brace, comments and blank lines included. */
export interface MeasuredFunction {
  /** From 1. */
  line: number;
  lines: number;
}

/**
 * The functions of a formatted file that have more than `max` lines. The formatter puts a block's closing brace under the
 * line that opens it, so indentation tells where a function ends and no parser is needed. A class or an object that holds
 * functions is not one itself. Biome's rule of this kind was tried: it leaves comments out of its count.
 */
export function longFunctions(text: string, max: number): MeasuredFunction[] {
  const lines = text.split("\n");
  const indentOf = (line: string): string => /^\s*/.exec(line)?.[0] ?? "";
  return lines.flatMap((opening, index) => {
    if (!/(\)|=>)[^=]*\{$/.test(opening)) return [];
    const indent = indentOf(opening);
    let start = index;
    // A signature over several lines ends in `): Type {`, under the line on which it begins.
    while (start > 0 && (lines[start]?.startsWith(`${indent})`) || indentOf(lines[start] ?? "") !== indent)) start -= 1;
    const end = lines.findIndex((line, at) => at > index && line.startsWith(`${indent}}`));
    const length = end - start + 1;
    return end > 0 && length > max ? [{ line: start + 1, lines: length }] : [];
  });
}
