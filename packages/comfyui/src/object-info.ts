import { ComfyProtocolError } from "./errors.ts";
import { parseTolerantJson } from "./tolerant-json.ts";

/** `object_info` is as the server's custom nodes wrote it: nothing in it can be relied on. */

/** What a server answered to `GET /object_info`. @throws ComfyProtocolError if it is no such answer */
export function readObjectInfo(text: string): Record<string, unknown> {
  let raw: unknown;
  try {
    raw = parseTolerantJson(text);
  } catch {
    throw new ComfyProtocolError("GET /object_info answered something that is not JSON", 200);
  }
  if (typeof raw !== "object" || raw === null)
    throw new ComfyProtocolError("GET /object_info answered something unknown", 200);
  return raw as Record<string, unknown>;
}

/** A field of an object; undefined for whatever has none. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** An object's fields; none for whatever is no object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** The inputs of a class that a graph can set, hidden ones left out. */
export function inputsOf(definition: unknown): { name: string; spec: unknown; required: boolean }[] {
  const groups = fieldOf(definition, "input");
  return ["required", "optional"].flatMap((group) =>
    entriesOf(fieldOf(groups, group)).map(([name, spec]) => ({ name, spec, required: group === "required" })),
  );
}

/**
 * The choices of an input, as they are. They come in several forms: `[["a","b"],{…}]`, `["COMBO",{"options":[…]}]`,
 * `["COMBO",{"remote":{…}}]` (unknown until fetched) and `["COMFY_DYNAMICCOMBO_V3",{"options":[{"key":…}]}]`. Null: any
 * value of the input's type, or nobody knows.
 */
export function choicesOf(spec: unknown): readonly unknown[] | null {
  if (!Array.isArray(spec)) return null;
  const [head, options] = spec;
  if (isUpload(options)) return null;
  if (Array.isArray(head)) return head;
  if (head !== "COMBO" && !(typeof head === "string" && head.startsWith("COMFY_DYNAMICCOMBO"))) return null;
  const list = fieldOf(options, "options");
  if (!Array.isArray(list)) return null;
  return list.map((option) => {
    const key = fieldOf(option, "key");
    return typeof key === "string" ? key : option;
  });
}

/** True for an input that takes files which are not listed, for example those in subfolders. */
export function isUpload(options: unknown): boolean {
  return ["image_upload", "video_upload", "audio_upload", "file_upload"].some(
    (name) => fieldOf(options, name) === true,
  );
}
