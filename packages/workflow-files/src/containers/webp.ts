import { exifTags } from "../parts/exif.ts";
import { riffChunks } from "../parts/riff-chunks.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";

/** EXIF stands after the frames. */
export async function* readWebp(file: Ranges): AsyncGenerator<Tag> {
  for await (const { type, at, length, place } of riffChunks(file, 12, file.size)) {
    if (type === "EXIF") yield* exifTags(await file.read(at, length, place), file, place);
  }
}
