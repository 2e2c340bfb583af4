import type { ImportEdge } from "./source-files.ts";

/** The circles of imports, each as the files along it. Every file on a circle is in at least one; none means no circle. */
export function findCircles(edges: ImportEdge[]): string[][] {
  const importsOf = Map.groupBy(edges, ({ from }) => from);
  const circles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];

  function visit(file: string): void {
    if (done.has(file)) return;
    const start = path.indexOf(file);
    if (start >= 0) {
      circles.push(path.slice(start));
      return;
    }
    path.push(file);
    for (const { to } of importsOf.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  }

  for (const file of importsOf.keys()) visit(file);
  return circles;
}
