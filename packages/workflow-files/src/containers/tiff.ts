import { tiffTags } from "../parts/exif.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";

/** The directory of the first picture, wherever in the file it stands; EXIF has its form from TIFF. */
export async function* readTiff(file: Ranges): AsyncGenerator<Tag> {
  yield* tiffTags({ length: file.size, read: (at, length, place) => file.read(at, length, place) }, file, "directory");
}
