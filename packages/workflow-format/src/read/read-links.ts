import { fieldsOf, idOf, listOf, wholeOf } from "../json.ts";
import { type EditorLink, SUBGRAPH_OUTPUT } from "./editor-workflow.ts";

/** The links of a graph. */
export interface Links {
  readonly links: ReadonlyMap<string, EditorLink>;
  /** Inside a subgraph: what leaves it, by its output slot. */
  readonly leaving: ReadonlyMap<number, EditorLink>;
}

/**
 * The links of a graph by their ids. Schema 0.4 writes them as lists `[id, from, slot, to, slot, type]`, schema 1 and the
 * insides of subgraphs as objects (frontend 1.45.0). Either form is read anywhere.
 */
export function readLinks(value: unknown): Links {
  const links = new Map<string, EditorLink>();
  const leaving = new Map<number, EditorLink>();
  for (const entry of [...listOf(value), ...Object.values(fieldsOf(value))]) {
    const [id, from, slot, to, toSlot] = Array.isArray(entry) ? entry : partsOf(entry);
    const [linkId, origin, originSlot] = [idOf(id), idOf(from), wholeOf(slot)];
    if (linkId === null || origin === null || originSlot === null) continue;
    const target = idOf(to);
    const link = { from: origin, slot: originSlot };
    links.set(linkId, target === null ? link : { ...link, to: target });
    const outputSlot = wholeOf(toSlot);
    if (target === SUBGRAPH_OUTPUT && outputSlot !== null) leaving.set(outputSlot, link);
  }
  return { links, leaving };
}

function partsOf(entry: unknown): unknown[] {
  const { id, origin_id, origin_slot, target_id, target_slot } = fieldsOf(entry);
  return [id, origin_id, origin_slot, target_id, target_slot];
}
