import { EXTENSIBLE, type JsonSchema } from "@darkroom/contracts";

/** What else a document says, and which is not compared. */
interface Described {
  readonly [key: string]: unknown;
}
/** An OpenAPI document, as far as two of them are compared here. */
export interface Document extends Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>;
  readonly components: Described & { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
export interface DocumentOperation extends Described {
  readonly parameters?: readonly DocumentParameter[];
  readonly requestBody?: Described & { readonly content: DocumentContent };
  readonly responses: Readonly<Record<string, Described & { readonly content?: DocumentContent }>>;
}
interface DocumentParameter extends Described {
  readonly name: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}
type DocumentContent = Readonly<Record<string, { readonly schema?: JsonSchema }>>;
type Side = "input" | "answer";

/**
 * What of `after` breaks a program that was written for `before`, in words; empty if nothing does. Of what is sent, nothing
 * may be refused that was taken; of what is answered, nothing may be missing or of another kind. What is new is no break, so
 * programs have to pass over fields and event types that they do not know.
 */
export function breakingChanges(before: Document, after: Document): string[] {
  const compare = comparer(before, after);
  const faults: string[] = [];
  for (const [path, operations] of Object.entries(before.paths)) {
    for (const [method, old] of Object.entries(operations)) {
      const at = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (now === undefined) faults.push(`${at} is gone`);
      else faults.push(...parameterFaults(at, old, now, compare), ...contentFaults(at, old, now, compare));
    }
  }
  return faults;
}

type Compare = (before: JsonSchema, after: JsonSchema, side: Side, at: string) => string[];

function parameterFaults(at: string, old: DocumentOperation, now: DocumentOperation, compare: Compare): string[] {
  const olds = old.parameters ?? [];
  const nows = now.parameters ?? [];
  const required = nows
    .filter((parameter) => parameter.required && !olds.find(({ name }) => name === parameter.name)?.required)
    .map(({ name }) => `${at}: ${name} is required now`);
  const changed = olds.flatMap(({ name, schema }) => {
    const parameter = nows.find((other) => other.name === name);
    return parameter === undefined
      ? [`${at}: ${name} is gone`]
      : compare(schema, parameter.schema, "input", `${at}: ${name}`);
  });
  return [...required, ...changed];
}

function contentFaults(at: string, old: DocumentOperation, now: DocumentOperation, compare: Compare): string[] {
  const between = (side: Side, name: string, before: DocumentContent = {}, after: DocumentContent = {}) =>
    Object.entries(before).flatMap(([type, { schema }]) => {
      if (after[type] === undefined) return [`${at}: ${name} is not ${type} any more`];
      const other = after[type].schema;
      return schema === undefined || other === undefined ? [] : compare(schema, other, side, `${at}: ${name}`);
    });
  const answers = Object.entries(old.responses).flatMap(([status, { content }]) =>
    now.responses[status] === undefined
      ? [`${at}: answers ${status} no more`]
      : between("answer", "answer", content, now.responses[status].content),
  );
  const isNew = old.requestBody === undefined && now.requestBody !== undefined;
  return [
    ...between("input", "body", old.requestBody?.content, now.requestBody?.content),
    ...(isNew
      ? requiredOf(now.requestBody?.content["application/json"]?.schema ?? {}).map(
          (f) => `${at}: body.${f} is required now`,
        )
      : []),
    ...answers,
  ];
}

const requiredOf = (schema: JsonSchema): readonly string[] => (schema.required as string[] | undefined) ?? [];
const propertiesOf = (schema: JsonSchema): Readonly<Record<string, JsonSchema>> =>
  (schema.properties as Record<string, JsonSchema> | undefined) ?? {};

/** Bounds of what is sent: raising one of the first, or lowering one of the second, refuses what was taken. */
const least = ["minimum", "exclusiveMinimum", "minLength", "minItems"] as const;
const most = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"] as const;

function comparer(before: Document, after: Document): Compare {
  const resolve = ({ components }: Document, schema: JsonSchema): JsonSchema => {
    const name = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
    return name === undefined ? schema : (components.schemas[name] ?? {});
  };
  const variants = (document: Document, schema: JsonSchema): JsonSchema[] => {
    const whole = resolve(document, schema);
    const union = (whole.anyOf ?? whole.oneOf) as JsonSchema[] | undefined;
    return union === undefined ? [whole] : union.flatMap((variant) => variants(document, variant));
  };

  const compare: Compare = (old, now, side, at) => {
    // What may be answered more of at any time must only still have what it had.
    if (side === "answer" && resolve(after, now)[EXTENSIBLE] === true && resolve(after, now).type !== "object")
      return compare(old, now, "input", at);
    const olds = variants(before, old);
    const nows = variants(after, now);
    const [only, only2] = [olds[0], nows[0]];
    if (olds.length === 1 && nows.length === 1 && only !== undefined && only2 !== undefined)
      return compareOne(only, only2, side, at);
    const fits = (a: JsonSchema, b: JsonSchema) => compareOne(a, b, side, at).length === 0;
    const gone = olds.filter((a) => !nows.some((b) => fits(a, b)));
    // A new type of event is an addition; null where there was none is not.
    const isEvent = (b: JsonSchema) => propertiesOf(b).type?.const !== undefined || b[EXTENSIBLE] === true;
    const unknown = side === "input" ? [] : nows.filter((b) => !isEvent(b) && !olds.some((a) => fits(a, b)));
    return [...gone.map((a) => `${at}: ${nameOf(a)} is gone`), ...unknown.map((b) => `${at}: ${nameOf(b)} is new`)];
  };

  const compareOne: Compare = (old, now, side, at) => [
    ...valueFaults(old, now, side, at),
    ...objectFaults(old, now, side, at),
    ...(old.items !== undefined && now.items !== undefined
      ? compare(old.items as JsonSchema, now.items as JsonSchema, side, `${at}[]`)
      : []),
  ];

  function objectFaults(old: JsonSchema, now: JsonSchema, side: Side, at: string): string[] {
    const [olds, nows] = [propertiesOf(old), propertiesOf(now)];
    const fields = Object.entries(olds).flatMap(([name, schema]) => {
      const other = nows[name];
      return other === undefined ? [`${at}.${name} is gone`] : compare(schema, other, side, `${at}.${name}`);
    });
    const [weaker, stronger] = side === "input" ? [old, now] : [now, old];
    const missing = requiredOf(stronger).filter((name) => !requiredOf(weaker).includes(name));
    const word = side === "input" ? "is required now" : "may be missing now";
    return [
      ...fields,
      ...missing.filter((name) => side === "input" || name in nows).map((name) => `${at}.${name} ${word}`),
    ];
  }
  return compare;
}

const nameOf = (schema: JsonSchema): string =>
  String(propertiesOf(schema).type?.const ?? schema.const ?? schema.type ?? "a variant");

function valueFaults(old: JsonSchema, now: JsonSchema, side: Side, at: string): string[] {
  const faults: string[] = [];
  const [narrow, wide] = side === "input" ? [old, now] : [now, old];
  if (!isWithin(kindsOf(narrow), kindsOf(wide))) faults.push(`${at} is of another type`);
  if (!isWithin(valuesOf(narrow), valuesOf(wide))) faults.push(`${at} has other values`);
  if (side === "answer") return faults;
  for (const bound of least)
    if (Number(now[bound] ?? Number.NEGATIVE_INFINITY) > Number(old[bound] ?? Number.NEGATIVE_INFINITY))
      faults.push(`${at}: ${bound} was raised`);
  for (const bound of most)
    if (Number(now[bound] ?? Number.POSITIVE_INFINITY) < Number(old[bound] ?? Number.POSITIVE_INFINITY))
      faults.push(`${at}: ${bound} was lowered`);
  if (now.pattern !== undefined && now.pattern !== old.pattern) faults.push(`${at}: pattern is another`);
  return faults;
}

/** Null: any. */
type Values = readonly unknown[] | null;
const kindsOf = ({ type }: JsonSchema): Values => {
  if (type === undefined) return null;
  const kinds = [type].flat();
  return kinds.includes("number") ? [...kinds, "integer"] : kinds;
};
const valuesOf = ({ enum: values, const: value }: JsonSchema): Values =>
  (values as unknown[] | undefined) ?? (value === undefined ? null : [value]);

function isWithin(narrow: Values, wide: Values): boolean {
  if (wide === null) return true;
  return narrow?.every((value) => wide.includes(value)) ?? false;
}
