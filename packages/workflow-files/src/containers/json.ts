import { textIn } from "../parts/text-in.ts";
import type { Ranges } from "../ranges.ts";
import { type Tag, tag } from "../tag.ts";

/** The whole file is the text; in UTF-8 or UTF-16, with a byte order mark or without. */
export async function* readJson(file: Ranges): AsyncGenerator<Tag> {
  yield tag("json", textIn(file, await file.read(0, file.size, "text")), "text");
}
