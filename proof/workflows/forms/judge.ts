import { type Binding, type Graph, inputsSchemaFor, type Parameter, valueAt } from "@darkroom/contracts";
import type { WantedField, WantedPlace, Wants } from "./wants.ts";

export interface Form {
  readonly parameters: readonly Parameter[];
  readonly bindings: readonly Binding[];
}

export interface Fault {
  readonly kind: "missing" | "split" | "unwanted" | "joined" | "kind" | "order" | "label" | "default";
  readonly message: string;
}

/** Roles whose fields may be one where their values are equal. */
const joinable: ReadonlySet<string> = new Set(
  "seed steps guidance sampler scheduler count size width height".split(" "),
);
const modelRoles: ReadonlySet<string> = new Set(["model", "clip", "vae", "controlnet", "upscaler"]);

/** The kinds of parameter that are right for what a person wants to see. */
const kindsFor: Readonly<Record<string, readonly Parameter["kind"][]>> = {
  longtext: ["text"],
  text: ["text"],
  image: ["image"],
  mask: ["mask", "image"],
  "image+mask": ["image"],
  integer: ["integer", "number", "seed"],
  number: ["number", "integer"],
  seed: ["seed", "integer"],
  choice: ["choice", "model"],
  boolean: ["boolean"],
  // Four numbers, as no kind of ours is a region.
  region: ["integer"],
};

const keyOf = ([node, input]: WantedPlace): string => `${node} ${input}`;

interface Wanted extends WantedField {
  readonly isAsked: boolean;
}

/** What a person would find wrong with this form of the graph, by the rules of `wants/README.md`; empty: nothing. */
export function judgeForm(graph: Graph, form: Form, given: Wants): Fault[] {
  const wants = { ...given, asks: given.asks.map(inParts) };
  const wanted: Wanted[] = [
    ...wants.asks.map((field) => ({ ...field, isAsked: true })),
    ...wants.mayOffer.map((field) => ({ ...field, isAsked: false })),
  ];
  const at = new Map(wanted.flatMap((field) => field.nodes.map((place) => [keyOf(place), field] as const)));
  const fields = form.parameters.map((parameter) => ({
    parameter,
    places: form.bindings
      .filter((binding) => binding.parameter === parameter.name)
      .map(({ node, input }): WantedPlace => [node, input]),
  }));
  return [
    ...wants.asks.flatMap((ask) => judgeAsk(ask, fields)),
    ...fields.flatMap((field) => judgeField(graph, field, { at, wants })),
    ...judgeOrder(fields, at, wants),
    ...judgeLabels(form.parameters),
  ];
}

/** A region is as good as four numbers, all of which must be there. */
function inParts(field: WantedField): WantedField {
  if (field.kind !== "region") return field;
  const parts = ["x", "y", "width", "height"];
  const nodes = field.nodes.flatMap(([node, input]) => parts.map((part): WantedPlace => [node, `${input}.${part}`]));
  return { ...field, nodes, bind: "may" };
}

interface Field {
  readonly parameter: Parameter;
  readonly places: readonly WantedPlace[];
}

function judgeAsk(ask: WantedField, fields: readonly Field[]): Fault[] {
  const setting = ask.nodes.map((place) =>
    fields.filter(({ places }) => places.some((one) => keyOf(one) === keyOf(place))),
  );
  const missing = ask.nodes.filter((_, index) => setting[index]?.length === 0);
  if (missing.length > 0) {
    return [{ kind: "missing", message: `${ask.label} (${ask.role}): nothing sets ${missing.map(keyOf).join(", ")}` }];
  }
  const names = new Set(setting.flat().map(({ parameter }) => parameter.name));
  if (names.size === 1 || ask.bind === "may") return [];
  return [{ kind: "split", message: `${ask.label} (${ask.role}): one field for all, not ${[...names].join(", ")}` }];
}

function judgeField(
  graph: Graph,
  { parameter, places }: Field,
  { at, wants }: { at: ReadonlyMap<string, Wanted>; wants: Wants },
): Fault[] {
  const { name, kind } = parameter;
  const held = [...new Set(places.flatMap((place) => at.get(keyOf(place)) ?? []))];
  const along = new Set(held.flatMap(({ and = [] }) => and.map(keyOf)));
  const faults: Fault[] = [];
  for (const place of places) {
    const key = keyOf(place);
    const node = graph[place[0]];
    const value = node === undefined ? undefined : valueAt(node, place[1]);
    if (value === undefined || Array.isArray(value)) {
      faults.push({ kind: "unwanted", message: `${name}: ${key} holds no value of its own` });
    } else if (!at.has(key) && !along.has(key)) {
      const why = wants.mustNot.find(({ nodes }) => nodes.some((one) => keyOf(one) === key))?.why ?? "stands nowhere";
      faults.push({ kind: "unwanted", message: `${name}: ${key} (${why})` });
    }
  }
  if (held.length > 1 && !areOne(held, graph)) {
    faults.push({ kind: "joined", message: `${name} is one field for ${held.map(({ label }) => label).join(", ")}` });
  }
  const unfit = held.find((one) => kindsFor[one.kind]?.includes(kind) === false);
  if (unfit !== undefined)
    faults.push({ kind: "kind", message: `${name} is ${kind}; ${unfit.label} is ${unfit.kind}` });
  const fallback = "default" in parameter ? parameter.default : undefined;
  if (fallback !== undefined && !inputsSchemaFor([parameter]).safeParse({ [name]: fallback }).success) {
    faults.push({ kind: "default", message: `${name}: ${String(fallback)} is no value of it` });
  }
  return faults;
}

/** Whether fields that are wanted may be one: they mean the same, and hold the same. */
function areOne(held: readonly Wanted[], graph: Graph): boolean {
  const values = new Set(
    held.flatMap(({ nodes }) => nodes.map(([node, input]) => JSON.stringify(graph[node]?.inputs[input]))),
  );
  const roles = new Set(held.map(({ role }) => role));
  const asked = held.filter(({ isAsked }) => isAsked);
  return (
    values.size === 1 &&
    roles.size === 1 &&
    held.every(({ apart }) => apart !== true) &&
    (asked.length < 2 || asked.every(({ role }) => joinable.has(role)))
  );
}

function judgeOrder(fields: readonly Field[], at: ReadonlyMap<string, Wanted>, { asks }: Wants): Fault[] {
  const roles = fields.map(({ places }) =>
    places.map((place) => at.get(keyOf(place))?.role).find((role) => role !== undefined),
  );
  const first = (isIt: (role: string) => boolean): number => {
    const index = roles.findIndex((role) => role !== undefined && isIt(role));
    return index < 0 ? Number.POSITIVE_INFINITY : index;
  };
  const faults: Fault[] = [];
  const prompt = first((role) => role === "prompt");
  if (first((role) => role === "negative") < prompt && prompt < Number.POSITIVE_INFINITY) {
    faults.push({ kind: "order", message: "the negative prompt comes before the prompt" });
  }
  if (first((role) => modelRoles.has(role)) < prompt && prompt < Number.POSITIVE_INFINITY) {
    faults.push({ kind: "order", message: "a model comes before the prompt" });
  }
  const beginnings = new Set(["image", "mask", "prompt"]);
  const begins = asks.some(({ role }) => beginnings.has(role))
    ? beginnings
    : new Set(asks.slice(0, 1).map(({ role }) => role));
  const [role] = roles;
  if (asks.length > 0 && role !== undefined && !begins.has(role) && !isFolder(fields[0])) {
    faults.push({ kind: "order", message: `the form begins with ${fields[0]?.parameter.name}` });
  }
  return faults;
}

function isFolder(field: Field | undefined): boolean {
  return field?.places.some(([, input]) => /directory|folder/.test(input)) === true;
}

function judgeLabels(parameters: readonly Parameter[]): Fault[] {
  const seen = new Set<string>();
  return parameters.flatMap(({ name, label }): Fault[] => {
    const isTaken = seen.has(label.toLowerCase());
    seen.add(label.toLowerCase());
    if (isTaken) return [{ kind: "label", message: `${name}: “${label}” is the label of another field` }];
    return label.includes("_") ? [{ kind: "label", message: `${name}: “${label}” are no plain words` }] : [];
  });
}
