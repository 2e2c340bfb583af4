import type { EditorNode } from "./editor-workflow.ts";

/**
 * Gives the nodes of subgraphs that share an id with another node of the file the next free one, as the editor does when
 * it loads a file (frontend 1.45.0): the nodes outside keep theirs, then the subgraphs follow in the order of the file.
 * Paths are unique without it; it is done so that our ids are those that ComfyUI's own page shows.
 */
export function createRenumbering(
  taken: Iterable<string>,
  lastId: number,
): (nodes: readonly EditorNode[]) => Map<string, string> {
  const used = new Set(taken);
  // A file may name any number, and above 2^53 one more is the same number.
  let last = BigInt(lastId);
  return (nodes) => {
    const renamed = new Map<string, string>();
    for (const { id } of nodes) {
      if (used.has(id) && /^\d+$/.test(id)) {
        do last += 1n;
        while (used.has(String(last)));
        renamed.set(id, String(last));
        used.add(String(last));
      } else used.add(id);
    }
    return renamed;
  };
}
