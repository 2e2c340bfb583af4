import { readFile } from "node:fs/promises";
import type { ParameterView } from "@darkroom/api";
import type { InputValue } from "@darkroom/contracts";

/** A mistake in how a command was called. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Sends a file to Darkroom; answers its id. */
export type Upload = (path: string) => Promise<string>;

/**
 * `name=value` as the values that the workflow's parameters take. A file is `name=@path`, which is uploaded, or
 * `name=upload:ID` and `name=output:ID` of one that is there.
 *
 * @throws UsageError with the parameter's name and the rule
 */
export async function readValues(
  assignments: readonly string[],
  { parameters, upload }: { readonly parameters: readonly ParameterView[]; readonly upload: Upload },
): Promise<Record<string, InputValue>> {
  const values: Record<string, InputValue> = {};
  for (const assignment of assignments) {
    const [, name = "", text = ""] = /^([^=]+)=([\s\S]*)$/.exec(assignment) ?? [];
    if (name === "") throw new UsageError(`“${assignment}” is no name=value`);
    const parameter = parameters.find((one) => one.name === name);
    if (parameter === undefined) {
      throw new UsageError(`${name}: is no parameter; there are ${parameters.map((one) => one.name).join(", ")}`);
    }
    values[name] = await valueFor(parameter, text, upload);
  }
  return values;
}

async function valueFor(parameter: ParameterView, text: string, upload: Upload): Promise<InputValue> {
  switch (parameter.kind) {
    case "text":
    case "model":
      return text.startsWith("@") ? (await readFile(text.slice(1), "utf8")).trimEnd() : text;
    case "integer":
    case "number":
    case "seed":
      if (text.trim() === "" || Number.isNaN(Number(text))) throw new UsageError(`${parameter.name}: must be a number`);
      return Number(text);
    case "boolean":
      if (text !== "true" && text !== "false") throw new UsageError(`${parameter.name}: must be true or false`);
      return text === "true";
    case "choice": {
      const choice = parameter.choices?.find((one) => String(one) === text);
      if (choice !== undefined) return choice;
      throw new UsageError(`${parameter.name}: must be one of ${parameter.choices?.join(", ")}`);
    }
    default:
      return fileFor(parameter.name, text, upload);
  }
}

async function fileFor(name: string, text: string, upload: Upload): Promise<InputValue> {
  if (text.startsWith("@")) return { uploadId: await upload(text.slice(1)) };
  const [, kind, id = ""] = /^(upload|output):(.+)$/.exec(text) ?? [];
  if (kind === "upload") return { uploadId: id };
  if (kind === "output") return { outputId: id };
  throw new UsageError(`${name}: must be @path, upload:ID or output:ID`);
}
