import { DarkroomError, type JsonSchema } from "@darkroom/contracts";
import { z } from "zod";
import { inputOf, type Operation } from "./operations.ts";

/** What came with a request. */
interface Given {
  /** From the path, as it stands there. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed body; undefined without one. */
  readonly body: unknown;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
}

/** The variants of an input: one, or those of its union. */
export const variantsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  (schema.anyOf as readonly JsonSchema[] | undefined) ?? [schema];

export const propertiesOf = (schema: JsonSchema): Readonly<Record<string, JsonSchema>> =>
  (schema.properties as Record<string, JsonSchema> | undefined) ?? {};

const schemas = new Map<string, JsonSchema | null>();

/** What an operation's procedure takes, as JSON Schema; null where it takes nothing. */
export function inputSchemaOf({ procedure }: Pick<Operation, "procedure">): JsonSchema | null {
  const known = schemas.get(procedure);
  if (known !== undefined) return known;
  const input = inputOf(procedure);
  const schema =
    input === undefined ? null : (z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as JsonSchema);
  schemas.set(procedure, schema);
  return schema;
}

/** Whether an operation's input comes in the body; else it comes in the query. */
export const hasBody = ({ method }: Pick<Operation, "method">): boolean => method !== "GET" && method !== "DELETE";

/**
 * The input of an operation's procedure, for the procedure to check: the body or the query, with what the path names and the
 * header's idempotency key.
 *
 * @throws DarkroomError `INPUT_INVALID` for a body that is no object, and where two places say different things
 */
export function readInput(operation: Operation, { params, query, body, idempotencyKey }: Given): unknown {
  const schema = inputSchemaOf(operation);
  if (schema === null) return undefined;
  const given = hasBody(operation) ? bodyFields(body) : queryFields(query, schema);
  const takesKey = variantsOf(schema).some((variant) => "idempotencyKey" in propertiesOf(variant));
  if (!takesKey || idempotencyKey === undefined) return joined(given, params);
  return joined(given, { ...params, idempotencyKey: unquoted(idempotencyKey) });
}

/** The draft of the header writes a quoted text; most programs leave the quotes out. */
const unquoted = (text: string): string => /^"(.*)"$/.exec(text)?.[1] ?? text;

function bodyFields(body: unknown): Readonly<Record<string, unknown>> {
  // As a field that is null, it is one that was left out.
  if (body === undefined || body === null) return {};
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  // As the procedures say it of an input that is none.
  const fields = [{ path: "", message: "must be an object" }];
  throw new DarkroomError("INPUT_INVALID", "The input must be an object.", { fields });
}

function joined(given: Readonly<Record<string, unknown>>, fixed: Readonly<Record<string, string>>): object {
  for (const [name, value] of Object.entries(fixed)) {
    if (given[name] === undefined || given[name] === value) continue;
    const where = name === "idempotencyKey" ? "the header Idempotency-Key" : "the path";
    const fields = [{ path: name, message: `must be left out, or be what ${where} says` }];
    throw new DarkroomError("INPUT_INVALID", `${name} is not what ${where} says.`, { fields });
  }
  return { ...given, ...fixed };
}

/** The query as the values that the schema has: numbers, true and false, and lists by repeating the name. */
function queryFields(query: URLSearchParams, schema: JsonSchema): Readonly<Record<string, unknown>> {
  const properties = Object.assign({}, ...variantsOf(schema).map(propertiesOf)) as Record<string, JsonSchema>;
  const fields: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name).map((text) => typed(text, properties[name]));
    // A list where one value is meant is left to the procedure's schema, which names the field.
    fields[name] = values.length === 1 ? values[0] : values;
  }
  return fields;
}

function typed(text: string, schema: JsonSchema | undefined): unknown {
  const types = schema === undefined ? [] : variantsOf(schema).map(({ type }) => type);
  const isNumber = types.includes("integer") || types.includes("number");
  if (isNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  return text;
}
