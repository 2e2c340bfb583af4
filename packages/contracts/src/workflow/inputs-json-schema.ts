import type { Choice, Parameter } from "./workflow.ts";

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 and the Model Context Protocol have it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A parameter as callers are told of it: with the choices that the live backends have. */
type ToldParameter = Parameter & { readonly choices?: readonly Choice[] };

const uuid = { type: "string", format: "uuid" };
const fileReference: JsonSchema = {
  anyOf: ["uploadId", "outputId"].map((name) => ({
    type: "object",
    properties: { [name]: uuid },
    required: [name],
    additionalProperties: false,
  })),
};

/**
 * The `inputs` of a workflow's jobs as a JSON Schema, from the same parameters as `inputsSchemaFor`. It says everything but
 * two rules that JSON Schema cannot say plainly, and that stand in the descriptions: which option of a choice brings a
 * parameter, and that a model must be installed.
 */
export function inputsJsonSchema(parameters: readonly ToldParameter[]): JsonSchema {
  const isNeeded = ({ required, kind, when, ...rest }: ToldParameter): boolean =>
    required && kind !== "seed" && when === undefined && !("default" in rest && rest.default !== undefined);
  const required = parameters.filter(isNeeded).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameterJsonSchema(parameter)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function parameterJsonSchema(parameter: ToldParameter): JsonSchema {
  return {
    title: parameter.label,
    ...described(parameter),
    ...typeOf(parameter),
    ...("default" in parameter && parameter.default !== undefined && { default: parameter.default }),
  };
}

function typeOf(parameter: ToldParameter): JsonSchema {
  switch (parameter.kind) {
    case "text":
      return { type: "string", maxLength: parameter.max ?? 4000 };
    case "integer": {
      const { min, max, step = 1 } = parameter;
      // JSON Schema counts multiples from 0, a step counts from the least value.
      const isMultiple = step > 1 && min % step === 0;
      return { type: "integer", minimum: min, maximum: max, ...(isMultiple && { multipleOf: step }) };
    }
    case "seed":
      return { type: "integer", minimum: parameter.min, maximum: parameter.max };
    case "number":
      return { type: "number", minimum: parameter.min, maximum: parameter.max };
    case "choice":
      return { enum: parameter.choices };
    case "boolean":
      return { type: "boolean" };
    case "model":
      return {
        type: "string",
        minLength: 1,
        maxLength: 255,
        ...(parameter.choices !== undefined && { examples: parameter.choices }),
      };
    case "image":
    case "mask":
    case "video":
    case "audio":
    case "3d":
      return fileReference;
  }
}

function described({ help, kind, when }: ToldParameter): JsonSchema {
  const sentences = [
    help,
    kind === "seed" ? "Drawn by the server when it is left out." : undefined,
    kind === "model" ? "The name of a model file that a backend has." : undefined,
    when === undefined ? undefined : `Only where ${when.parameter} is ${when.is.join(" or ")}.`,
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? {} : { description: sentences.join(" ") };
}
