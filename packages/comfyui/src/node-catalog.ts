import type { NodeCatalog } from "@darkroom/contracts";
import { choicesOf, entriesOf, inputsOf } from "./object-info.ts";

/** Reduces `object_info` to what deciding needs: each input's choices, as texts. */
export function nodeCatalog(objectInfo: unknown): NodeCatalog {
  return Object.fromEntries(
    entriesOf(objectInfo).map(([className, definition]) => [
      className,
      Object.fromEntries(inputsOf(definition).map(({ name, spec }) => [name, choicesOf(spec)?.map(String) ?? null])),
    ]),
  );
}
