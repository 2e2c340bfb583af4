import type { WorkflowDetail } from "@darkroom/api";
import { inputsJsonSchema, type JsonSchema } from "@darkroom/contracts";

/**
 * The TypeScript declarations of workflows: merged into `@darkroom/client`, they let `submit` check a workflow's inputs. A
 * parameter that is renamed or taken away then fails the type check of every caller.
 */
export function workflowTypes(workflows: readonly WorkflowDetail[]): string {
  const entries = workflows.map(({ slug, name, version, parameters }) => {
    const { properties, required = [] } = inputsJsonSchema(parameters) as {
      properties: Record<string, JsonSchema>;
      required?: readonly string[];
    };
    const fields = Object.entries(properties).map(([field, schema]) => {
      const sign = required.includes(field) ? "" : "?";
      return `${comment(schema)}        readonly ${field}${sign}: ${typeOf(schema)};`;
    });
    return `    /** ${plain(name)}, version ${version}. */
    readonly ${JSON.stringify(slug)}: {
      readonly inputs: {
${fields.join("\n")}
      };
      readonly outputs: readonly import("@darkroom/client").Output[];
    };`;
  });
  return `// Written by \`darkroom types\`. Write it again after workflows have changed.
import "@darkroom/client";

declare module "@darkroom/client" {
  interface Workflows {
${entries.join("\n")}
  }
}
`;
}

/** JSON Schema's words for what a parameter takes, in TypeScript's. */
function typeOf(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (schema.type) {
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    default:
      return "{ readonly uploadId: string } | { readonly outputId: string }";
  }
}

function comment(schema: JsonSchema): string {
  const { title, description, minimum, maximum, maxLength } = schema;
  const bounds = minimum === undefined ? [] : [`From ${minimum} to ${maximum}.`];
  const length = maxLength === undefined ? [] : [`At most ${maxLength} characters.`];
  const fallback = schema.default === undefined ? [] : [`Default: ${JSON.stringify(schema.default)}.`];
  const sentences = [title === undefined ? [] : [`${title}.`], description ?? [], bounds, length, fallback].flat();
  return sentences.length === 0 ? "" : `        /** ${plain(sentences.join(" "))} */\n`;
}

/** A text that ends no comment, on one line. */
const plain = (text: string): string => text.replaceAll("*/", "* /").replace(/\s+/g, " ");
