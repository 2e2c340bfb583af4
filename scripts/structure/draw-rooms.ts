import { purposes } from "./purposes.ts";
import { houses, isTest, roomOf } from "./rooms.ts";
import { importEdges, type SourceFile } from "./source-files.ts";

/** An import between two rooms, or between two packages; `dotted`: of types alone. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly dotted?: boolean;
}

const intro = `# The rooms

Drawn from the code by \`pnpm rooms\`; a test fails while this page differs from the code. An arrow says who imports whom. One
that follows from others is left out: where \`a → b → c\` is drawn, \`a\` may import \`c\` too. Tests and the folders \`testing\` are left
out of the packages' picture. \`scripts/structure/rooms.ts\` has the order that the imports must keep.
`;

/** docs/rooms.md, whole. */
export function drawRooms(files: SourceFile[]): string {
  const sections = Object.entries(houses)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([house, rows]) => drawHouse(house, rows, files));
  return [intro, "## Packages\n", drawPackages(files), ...sections].join("\n");
}

function drawPackages(files: SourceFile[]): string {
  const shipped = files.filter(({ path }) => packageOf(path) !== null && !isTest(path) && !path.includes("/testing/"));
  const arrows = shipped.flatMap(({ path, imports }) =>
    imports.flatMap(({ from, isType }): Arrow[] => {
      const name = /^@darkroom\/([a-z-]+)/.exec(from)?.[1];
      return name === undefined ? [] : [{ from: packageOf(path) ?? "", to: name, dotted: isType }];
    }),
  );
  const names = [...new Set(shipped.map(({ path }) => packageOf(path) ?? ""))].sort();
  // Where one import of many needs the values, the arrow is a whole one.
  const whole = arrows.filter(({ dotted }) => dotted !== true);
  const typesOnly = arrows.filter(({ from, to }) => !whole.some((arrow) => arrow.from === from && arrow.to === to));
  return diagram(names, [...essential(whole), ...essential(typesOnly)]);
}

/** The package of a file as people call it; the pages and the gateway are two that share a folder. */
function packageOf(path: string): string | null {
  if (path.startsWith("apps/web/src/server/")) return "gateway";
  if (path.startsWith("apps/web/")) return "pages";
  return /^(?:apps|packages)\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function drawHouse(house: string, rows: string[][], files: SourceFile[]): string {
  const inside = files.filter(({ path }) => path.startsWith(`${house}/`) && !isTest(path));
  const arrows = importEdges(inside)
    .map(({ from, to }): Arrow => ({ from: roomOf(house, from), to: roomOf(house, to) }))
    .filter(({ from, to }) => from !== to);
  const folders = rows.flat().filter((room) => files.some(({ path }) => path.startsWith(`${house}/${room}/`)));
  const lines = folders.map((room) => {
    const purpose = purposes[`${house}/${room}`];
    if (purpose === undefined) throw new Error(`${house}/${room} needs a purpose in scripts/structure/purposes.ts`);
    return `| \`${room}\` | ${purpose} |`;
  });
  const table = lines.length === 0 ? [] : ["| room | is |", "|---|---|", ...lines, ""];
  return [`## \`${house}\`\n`, diagram(rows.flat(), essential(arrows)), ...table].join("\n");
}

/** Each arrow once, without those that follow from others. */
function essential(arrows: Arrow[]): Arrow[] {
  const once = [...new Map(arrows.map((arrow) => [`${arrow.from} ${arrow.to}`, arrow])).values()];
  return once.filter(({ from, to }) => !once.some((arrow) => arrow.from === from && reachable(arrow.to, once).has(to)));
}

/** What one comes to along the arrows, over one of them or more. */
function reachable(start: string, arrows: Arrow[]): Set<string> {
  const found = new Set<string>();
  const next = [start];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    for (const { from, to } of arrows) {
      if (from !== name || found.has(to)) continue;
      found.add(to);
      next.push(to);
    }
  }
  return found;
}

/** A Mermaid diagram. Names get a prefix as ids, because some, such as `graph`, are words of Mermaid's. */
function diagram(names: string[], arrows: Arrow[]): string {
  const id = (name: string): string => `r_${name.replaceAll("-", "_")}`;
  const nodes = names.map((name) => `  ${id(name)}["${name}"]`);
  const lines = arrows
    .map(({ from, to, dotted }) => `  ${id(from)} ${dotted === true ? "-. types .->" : "-->"} ${id(to)}`)
    .sort();
  return ["```mermaid", "flowchart TD", ...nodes, ...lines, "```", ""].join("\n");
}
