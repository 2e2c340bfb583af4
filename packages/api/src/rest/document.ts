import { CONTRACT_VERSION, type ErrorCode, errorCodes, inputsJsonSchema, type JsonSchema } from "@darkroom/contracts";
import { z } from "zod";
import type { WorkflowDetail } from "../answers/index.ts";
import { httpStatusOf } from "../errors.ts";
import { accountPaths } from "./account-paths.ts";
import { components } from "./answers/index.ts";
import type { Document, DocumentOperation } from "./breaking-changes.ts";
import { errorMeanings } from "./error-meanings.ts";
import { type Operation, operations } from "./operations.ts";
import { handWrittenPaths } from "./other-paths.ts";
import { hasBody, inputSchemaOf, propertiesOf, variantsOf } from "./read-input.ts";

/** Statuses that any call may be refused with. */
const refusals = [400, 401, 403, 404, 409, 413, 422, 429, 503] as const;

const json = (schema: JsonSchema) => ({ "application/json": { schema } });
const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/**
 * The OpenAPI 3.1 document: the table of operations with the schemas of their procedures, and the inputs of these workflows.
 *
 * @param workflows Those that the caller may use
 */
export function openApiDocument(workflows: readonly WorkflowDetail[]): Document {
  const paths: Record<string, Record<string, DocumentOperation>> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
  }
  for (const [path, described] of Object.entries(handWrittenPaths)) {
    paths[path] = { ...paths[path], ...withRefusals(described) };
  }
  Object.assign(paths, accountPaths);
  return {
    openapi: "3.1.0",
    info: {
      title: "Darkroom",
      version: CONTRACT_VERSION,
      description: introduction,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ apiKey: [] }, { session: [] }, { guest: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key, `dk_…`, or an access token." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "darkroom.session_token",
          description: "A session's own cookie.",
        },
        guest: {
          type: "apiKey",
          in: "cookie",
          name: "darkroom_guest",
          description: "The cookie that every visitor gets.",
        },
      },
      headers: rateLimitHeaders,
      responses: Object.fromEntries(refusals.map((status) => [`Refused${status}`, refusalOf(status)])),
      schemas: { ...answerSchemas(), ...submitSchemas(workflows) },
    },
  };
}

const introduction = `Every answer has the headers \`X-Request-Id\` and \`X-Contract-Version\`. Programs pass over fields and types of events that they do not know: those are additions. A verb that a path does not take is answered 405 with \`Allow\`, which \`OPTIONS\` tells too, and a body with \`Content-Encoding\` 415, both as \`INPUT_INVALID\`.

| code | status | meaning |
|---|---|---|
${errorCodes.map((code) => `| \`${code}\` | ${httpStatusOf(code)} | ${errorMeanings[code]} |`).join("\n")}`;

const rateLimitHeaders = {
  "RateLimit-Policy": {
    description: "What the caller may do, and in how many seconds.",
    schema: { type: "string", examples: ['"submits";q=10;w=60, "generations";q=100;w=3600'] },
  },
  RateLimit: {
    description: "What is left of it.",
    schema: { type: "string", examples: ['"submits";r=9, "generations";r=99'] },
  },
};

function refusalOf(status: number) {
  const codes = errorCodes.filter((code: ErrorCode) => httpStatusOf(code) === status);
  const headers = status === 429 || status === 503 ? { "Retry-After": { schema: { type: "integer" } } } : undefined;
  return {
    description: codes.map((code) => `\`${code}\`: ${errorMeanings[code]}`).join("\n\n"),
    ...(headers !== undefined && { headers }),
    content: json(ref("Error")),
  };
}

const refusalRefs = {
  ...Object.fromEntries(refusals.map((status) => [status, { $ref: `#/components/responses/Refused${status}` }])),
  default: { description: "Any other refusal", content: json(ref("Error")) },
};

function withRefusals(path: (typeof handWrittenPaths)[string]): Document["paths"][string] {
  const all = Object.entries(path).map(([method, operation]) => [
    method,
    { ...operation, responses: { ...operation.responses, ...refusalRefs } },
  ]);
  return Object.fromEntries(all);
}

function describe(operation: Operation): DocumentOperation {
  const { method, path, procedure, summary, answer, status } = operation;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const schema = inputSchemaOf(operation);
  const variants =
    schema === null ? [] : variantsOf(schema).filter((one) => names.every((n) => n in propertiesOf(one)));
  const rests = variants.map((variant) => without(variant, [...names, "direction"]));
  const fields: JsonSchema = Object.assign({}, ...variants.map(propertiesOf));
  const isSubmit = procedure === "job.submit";
  const body = isSubmit ? ref("Submit") : rests.length === 1 ? rests[0] : { anyOf: rests };
  const takesBody = hasBody(operation) && rests.some((rest) => Object.keys(propertiesOf(rest)).length > 0);
  const takesKey = takesBody && "idempotencyKey" in fields;
  return {
    operationId: `${method.toLowerCase()}${operationName(path)}`,
    tags: [path.split("/")[1] ?? ""],
    summary,
    description: `The procedure \`${procedure}\`.`,
    parameters: [
      ...names.map((name) => ({ name, in: "path", required: true, schema: fields[name] as JsonSchema })),
      ...(takesKey ? [idempotencyHeader] : []),
      ...(hasBody(operation) ? [] : rests.flatMap(queryParameters)),
    ],
    ...(takesBody && { requestBody: { required: true, content: json(body ?? {}) } }),
    responses: {
      [status]: {
        description: summary,
        ...(takesKey && { headers: headerRefs }),
        content: json(ref(components.get(answer)?.id ?? "")),
      },
      ...refusalRefs,
    },
  };
}

const headerRefs = Object.fromEntries(
  Object.keys(rateLimitHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);
const idempotencyHeader = {
  name: "Idempotency-Key",
  in: "header",
  description: "The same key with the same body is answered with what it made the first time.",
  schema: { type: "string", maxLength: 200 },
};

function queryParameters(rest: JsonSchema) {
  const required = (rest.required as string[] | undefined) ?? [];
  return Object.entries(propertiesOf(rest)).map(([name, schema]) => ({
    ...{ name, in: "query", required: required.includes(name), schema },
  }));
}

const operationName = (path: string): string =>
  path
    .split("/")
    .map((part) => part.replace(/[{}]/g, ""))
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");

function without(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const { $schema: _, default: __, ...rest } = schema;
  const properties = Object.entries(propertiesOf(schema)).filter(([name]) => !names.includes(name));
  const required = ((schema.required as string[] | undefined) ?? []).filter((name) => !names.includes(name));
  const { required: ___, ...plain } = rest;
  return { ...plain, properties: Object.fromEntries(properties), ...(required.length > 0 && { required }) };
}

let answerSchemasOnce: Readonly<Record<string, JsonSchema>> | null = null;

function answerSchemas(): Readonly<Record<string, JsonSchema>> {
  answerSchemasOnce ??= Object.fromEntries(
    Object.entries(
      z.toJSONSchema(components, {
        io: "output",
        unrepresentable: "any",
        uri: (id) => `#/components/schemas/${id}`,
        // An answer may get more fields.
        override: ({ jsonSchema }) => {
          if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      }).schemas,
    )
      // Sorted by name: moving a schema to another file must not change the document.
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, schema]) => {
        const { $schema: _, $id: __, ...rest } = schema as JsonSchema;
        return [id, rest];
      }),
  );
  return answerSchemasOnce;
}

/** The body of a submit: of each workflow with its own inputs, and of any other. */
function submitSchemas(workflows: readonly WorkflowDetail[]): Readonly<Record<string, JsonSchema>> {
  const any = without(inputSchemaOf({ procedure: "job.submit" }) ?? {}, []);
  const own = workflows.flatMap(({ slug, name, workflowId, version, parameters }): [string, JsonSchema][] => [
    [`Inputs.${slug}`, { title: `Inputs of ${name}, version ${version}`, ...inputsJsonSchema(parameters) }],
    [
      `Submit.${slug}`,
      {
        ...any,
        title: name,
        properties: {
          ...propertiesOf(any),
          workflow: { enum: [slug, workflowId] },
          inputs: ref(`Inputs.${slug}`),
        },
      },
    ],
  ]);
  return {
    ...Object.fromEntries(own),
    Submit: { anyOf: [...workflows.map(({ slug }) => ref(`Submit.${slug}`)), ref("SubmitAny")] },
    SubmitAny: { ...any, title: "Any workflow" },
  };
}
