/**
 * A text as the editor sends it (frontend 1.45.0): comments are cut, one of `{a|b}` is drawn, also inside another, and a
 * brace or bar behind a backslash stands for itself. A brace without its partner stays. Like the editor it takes the `//` of
 * an address for a comment.
 *
 * @param random from 0 to 1, as of `createRandom`
 */
export function drawText(text: string, random: () => number): string {
  const bare = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  // Texts between braces, and what is on the way: choices of the blocks that are open, the outermost first.
  const open: string[][] = [[""]];
  const add = (piece: string): void => {
    const choices = open.at(-1);
    if (choices !== undefined) choices[choices.length - 1] += piece;
  };
  for (const [token] of bare.matchAll(/\\[\s\S]|[{}|]|[^\\{}|]+|\\/g)) {
    if (token === "{") open.push([""]);
    else if (token === "|" && open.length > 1) open.at(-1)?.push("");
    else if (token === "}" && open.length > 1) {
      const choices = open.pop() ?? [];
      add(choices[Math.floor(random() * choices.length)] ?? "");
    } else add(/^\\[{}|]$/.test(token) ? token.slice(1) : token);
  }
  while (open.length > 1) {
    const unclosed = open.pop() ?? [];
    add(`{${unclosed.join("|")}`);
  }
  return open[0]?.[0] ?? "";
}
