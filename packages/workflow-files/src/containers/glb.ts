import { startsWith, textOf, viewOf } from "../parts/bytes.ts";
import type { Ranges } from "../ranges.ts";
import { type Tag, tag } from "../tag.ts";

/** The first chunk is the scene's JSON; ComfyUI writes into `asset.extras`. */
export async function* readGlb(file: Ranges): AsyncGenerator<Tag> {
  const place = "JSON chunk";
  const head = await file.read(12, 8, place);
  if (!startsWith(head, "JSON", 4)) throw file.damaged(place, "the first chunk is another one");
  yield tag("json", textOf(await file.read(20, viewOf(head).getUint32(0, true), place)), `${place}, asset.extras`);
}
