import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseGraphText } from "@darkroom/contracts";

/** A node's input: node id and name. */
export type WantedPlace = readonly [node: string, input: string];

/** A field that a person wants to see, or would not mind. */
export interface WantedField {
  readonly role: string;
  readonly nodes: readonly WantedPlace[];
  readonly label: string;
  readonly kind: string;
  /** `must` (also where it is left out): one field sets them all. `may`: one field each is as good. */
  readonly bind?: "must" | "may";
  /** Inputs that the same field may set too. */
  readonly and?: readonly WantedPlace[];
  /** Not to be joined with another field, even where the values are equal. */
  readonly apart?: boolean;
}

/** What a person wants from the form of one graph; the rules stand in `wants/README.md`. */
export interface Wants {
  readonly asks: readonly WantedField[];
  readonly mayOffer: readonly WantedField[];
  readonly mustNot: readonly { readonly nodes: readonly WantedPlace[]; readonly why: string }[];
  readonly notes: string;
}

/** A graph to make a form of, and what is wanted of it. */
export interface WantedGraph {
  readonly name: string;
  /** As ComfyUI takes it, or its editor's file where the editor's own export of it is wrong (`odd` in the index). */
  readonly given: unknown;
  /** The answer of `GET /object_info`. */
  readonly objectInfo: unknown;
  readonly wants: Wants;
}

/** The wants and the graphs that the project keeps; the editor's own pairs are read where their tests have them. */
export const ownWants: string = join(import.meta.dirname, "wants");
export const ownGraphs: readonly string[] = [
  join(import.meta.dirname, "graphs"),
  join(import.meta.dirname, "../../../packages/workflow-format/pairs"),
];

interface Indexed {
  readonly pairs: readonly { readonly name: string; readonly objectInfo: string; readonly odd?: string }[];
}

/**
 * Every graph of the folders for which there are wants. A folder has an `index.json` that names its graphs and the file of
 * each one's `object_info`; of a name that stands in several folders, also of an `object_info`, the first is taken.
 */
export function readWantedGraphs(folders: readonly string[], wantsFolder: string): WantedGraph[] {
  const read = (file: string): unknown => parseGraphText(readFileSync(file, "utf8"));
  const wanted = new Set(
    readdirSync(wantsFolder).flatMap((file) => (file.endsWith(".wants.json") ? [file.slice(0, -11)] : [])),
  );
  const infos = new Map<string, unknown>();
  return folders.flatMap((folder) => {
    const { pairs } = read(join(folder, "index.json")) as Indexed;
    return pairs.flatMap(({ name, objectInfo, odd }): WantedGraph[] => {
      if (!wanted.delete(name)) return [];
      if (!infos.has(objectInfo)) infos.set(objectInfo, read(join(folder, objectInfo)));
      return [
        {
          name,
          given: read(join(folder, `${name}.${odd === undefined ? "prompt" : "workflow"}.json`)),
          objectInfo: infos.get(objectInfo),
          wants: read(join(wantsFolder, `${name}.wants.json`)) as Wants,
        },
      ];
    });
  });
}
