import { isDeepStrictEqual } from "node:util";
import { isExactInteger } from "@darkroom/contracts";
import { fieldsOf, own } from "../json.ts";
import type { Pair } from "./pairs.ts";

/**
 * Where a graph differs from what the editor sends, as sentences; empty: it is equal. Ids, classes and inputs count. A text
 * that the editor changes at each export may also be as the file has it, since we change it at each run.
 */
export function differences(pair: Pair, got: unknown): string[] {
  const [wanted, given] = [fieldsOf(pair.prompt), fieldsOf(got)];
  return [...new Set([...Object.keys(wanted), ...Object.keys(given)])].flatMap((id) => {
    const [want, have] = [own(wanted, id), own(given, id)].map(fieldsOf);
    const { class_type: class1, inputs: inputs1 } = want ?? {};
    const { class_type: class2, inputs: inputs2 } = have ?? {};
    if (class1 !== class2) return [`node ${id}: wants ${class1 ?? "nothing"}, is ${class2 ?? "nothing"}`];
    return inputDifferences(pair, id, fieldsOf(inputs1), fieldsOf(inputs2)).map((said) => `${class1} ${id}.${said}`);
  });
}

type Inputs = Readonly<Record<string, unknown>>;

function inputDifferences(pair: Pair, id: string, wanted: Inputs, given: Inputs): string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(given)])].flatMap((name) => {
    const place = `${id} ${name}`;
    const [want, have] = [own(wanted, name), own(given, name)];
    if (pair.ignored.has(place) || isDeepStrictEqual(rounded(want), rounded(have))) return [];
    const pattern = pair.random.get(place);
    if (pattern !== undefined && typeof have === "string" && (pattern.test(have) || isInFile(pair, have))) return [];
    return [`${name}: wants ${shown(want)}, is ${shown(have)}`];
  });
}

/** Large numbers as JavaScript has them: the editor rounds what we keep. */
function rounded(value: unknown): unknown {
  if (isExactInteger(value)) return Number(value.$integer);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rounded(inner)]));
}

function isInFile({ workflow }: Pair, text: string): boolean {
  return JSON.stringify(workflow).includes(JSON.stringify(text));
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}

/** A graph by what its nodes are and what they are fed, whatever their ids. */
export function shapeOf(graph: unknown): string {
  const nodes = fieldsOf(graph);
  const known = new Map<string, string>();
  const shape = (id: string): string => {
    const found = known.get(id);
    if (found !== undefined) return found;
    known.set(id, "…");
    const { class_type, inputs } = fieldsOf(own(nodes, id));
    const fed = Object.entries(fieldsOf(inputs))
      .map(([name, value]) => {
        const isLink = Array.isArray(value) && Object.hasOwn(nodes, String(value[0]));
        return `${name}:${isLink ? `${shape(String(value[0]))}.${value[1]}` : JSON.stringify(rounded(value))}`;
      })
      .sort();
    const whole = `${class_type}(${fed.join()})`;
    known.set(id, whole);
    return whole;
  };
  return Object.keys(nodes)
    .map((id) => shape(id))
    .sort()
    .join("\n");
}
