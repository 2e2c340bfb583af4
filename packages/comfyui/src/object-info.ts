/** `object_info` is as the server's custom nodes wrote it: nothing in it can be relied on. */

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

/** True for an input that takes files which are not listed, for example those in subfolders. */
export function isUpload(options: unknown): boolean {
  return ["image_upload", "video_upload", "audio_upload"].some((name) => fieldOf(options, name) === true);
}
