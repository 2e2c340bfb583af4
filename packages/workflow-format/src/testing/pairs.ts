import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseGraphText } from "@darkroom/contracts";
import { fieldsOf } from "../json.ts";

/** A file of the editor, and what the real editor sends for it. */
export interface Pair {
  readonly name: string;
  readonly tags: readonly string[];
  readonly workflow: unknown;
  readonly objectInfo: unknown;
  /** Null where the editor itself refuses. */
  readonly prompt: unknown;
  /** Why the editor's answer is none to follow; null: it is. */
  readonly odd: string | null;
  /** `node input` → inputs that the server does not know. */
  readonly ignored: ReadonlySet<string>;
  /** `node input` → what may stand there: texts that the editor changes by chance or by the date. */
  readonly random: ReadonlyMap<string, RegExp>;
}

interface IndexedPair {
  readonly name: string;
  readonly tags: readonly string[];
  readonly workflow: string;
  readonly objectInfo: string;
  readonly prompt?: string;
  readonly odd?: string;
  readonly ignored?: readonly (readonly [string, string])[];
  readonly random?: readonly { readonly node: string; readonly input: string; readonly pattern: string }[];
}

/** The pairs of a folder with an `index.json`. */
export function readPairs(folder: string): Pair[] {
  const read = (file: string): unknown => parseGraphText(readFileSync(join(folder, file), "utf8"));
  const infos = new Map<string, unknown>();
  const info = (file: string): unknown => {
    if (!infos.has(file)) infos.set(file, read(file));
    return infos.get(file);
  };
  const { pairs } = fieldsOf(read("index.json")) as { readonly pairs: readonly IndexedPair[] };
  return pairs.map(({ name, tags, workflow, objectInfo, prompt, odd, ignored = [], random = [] }) => ({
    name,
    tags,
    workflow: read(workflow),
    objectInfo: info(objectInfo),
    prompt: prompt === undefined ? null : read(prompt),
    odd: odd ?? null,
    ignored: new Set(ignored.map((place) => place.join(" "))),
    random: new Map(random.map(({ node, input, pattern }) => [`${node} ${input}`, new RegExp(pattern)])),
  }));
}
