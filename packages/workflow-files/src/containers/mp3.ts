import { startsWith } from "../parts/bytes.ts";
import { id3Tags } from "../parts/id3.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";
import { readFlac } from "./flac.ts";

/** The ID3 tag at the start. A file without one begins with the sound. */
export async function* readMp3(file: Ranges): AsyncGenerator<Tag> {
  const end = yield* id3Tags(file, 0);
  if (end === null) return;
  // Some programs put such a tag before a FLAC, which has comments of its own.
  if (startsWith(await file.readUpTo(end, 4, "what follows the ID3 tag"), "fLaC")) yield* readFlac(file, end);
}
