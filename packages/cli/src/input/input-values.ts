import type { ParameterView } from "@darkroom/api";
import type { InputValue } from "@darkroom/contracts";
import { UsageError } from "../usage-error.ts";
import { readTextFile, refuseFile } from "./input-files.ts";

/** Sends a file to Darkroom; answers its id. */
export type Upload = (path: string) => Promise<string>;

/**
 * `name=value` as the values that the workflow's parameters take. A file is `name=@path`, which is uploaded, or
 * `name=upload:ID` and `name=output:ID` of one that is there. What fits no parameter stays a text, for the server to refuse
 * as it does on every door.
 *
 * @throws UsageError
 */
export async function readValues(
  assignments: readonly string[],
  { parameters, upload }: { readonly parameters: readonly ParameterView[]; readonly upload: Upload },
): Promise<Record<string, InputValue>> {
  const values: Record<string, InputValue> = {};
  for (const assignment of assignments) {
    const [, name = "", text = ""] = /^([^=]+)=([\s\S]*)$/.exec(assignment) ?? [];
    if (name === "") throw new UsageError("input", `must be name=value, and “${assignment}” is not`);
    const parameter = parameters.find((one) => one.name === name);
    values[name] = parameter === undefined ? text : await valueFor(parameter, text, upload);
  }
  return values;
}

async function valueFor(parameter: ParameterView, text: string, upload: Upload): Promise<InputValue> {
  switch (parameter.kind) {
    case "text":
    case "model":
      return text.startsWith("@") ? (await readTextFile(`inputs.${parameter.name}`, text.slice(1))).trimEnd() : text;
    case "integer":
    case "number":
    case "seed":
      // Of an infinite one JSON makes null, which stands for a value that was left out.
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "choice":
      return parameter.choices?.find((one) => String(one) === text) ?? text;
    default:
      return fileFor(`inputs.${parameter.name}`, text, upload);
  }
}

async function fileFor(path: string, text: string, upload: Upload): Promise<InputValue> {
  if (text.startsWith("@")) return { uploadId: await upload(text.slice(1)).catch((error) => refuseFile(path, error)) };
  const [, kind, id = ""] = /^(upload|output):(.+)$/.exec(text) ?? [];
  if (kind === "upload") return { uploadId: id };
  if (kind === "output") return { outputId: id };
  throw new UsageError(path, "must be @path, upload:ID or output:ID");
}
