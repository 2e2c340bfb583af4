import { textOf, viewOf } from "../parts/bytes.ts";
import type { Ranges } from "../ranges.ts";
import { type Tag, tag } from "../tag.ts";

/** Safetensors, and ComfyUI's `.latent`: a length of eight bytes and a JSON object before the numbers. */
export async function* readSafetensors(file: Ranges): AsyncGenerator<Tag> {
  const length = Number(viewOf(await file.read(0, 8, "header")).getBigUint64(0, true));
  yield tag("json", textOf(await file.read(8, length, "header")), "header, __metadata__");
}
