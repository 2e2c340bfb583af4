import { type Box, boxes, contentOf } from "../parts/boxes.ts";
import { latin1Of, viewOf } from "../parts/bytes.ts";
import { exifTags } from "../parts/exif.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";

/** The EXIF of AVIF and HEIC: an item of type `Exif` in `iinf`, whose place in the file `iloc` states. */
export async function* readAvif(file: Ranges): AsyncGenerator<Tag> {
  for await (const meta of boxes(file, 0, file.size)) {
    if (meta.type !== "meta") continue;
    const parts = new Map<string, Box>();
    for await (const box of boxes(file, meta.from + 4, meta.to, " in meta")) parts.set(box.type, box);
    const [infos, locations] = [parts.get("iinf"), parts.get("iloc")];
    if (infos === undefined || locations === undefined) return;
    const item = await exifItem(file, infos);
    if (item === undefined) return;
    const place = locate(await contentOf(file, locations), item, file, locations.place);
    const bytes = await file.read(place.at, place.length, `Exif item at byte ${place.at}`);
    // Four bytes say how many others stand before the TIFF head.
    if (bytes.length < 4) throw file.damaged(`Exif item at byte ${place.at}`, "it is shorter than its head");
    const skipped = 4 + viewOf(bytes).getUint32(0);
    yield* exifTags(bytes.subarray(Math.min(skipped, bytes.length)), file, `Exif item at byte ${place.at}`);
    return;
  }
}

/** The number of the item that is EXIF. */
async function exifItem(file: Ranges, infos: Box): Promise<number | undefined> {
  const version = (await file.read(infos.from, 1, infos.place))[0] ?? 0;
  for await (const { type, from, to, place } of boxes(
    file,
    infos.from + (version === 0 ? 6 : 8),
    infos.to,
    " in iinf",
  )) {
    if (type !== "infe") continue;
    const info = await file.read(from, Math.min(to - from, 16), place);
    const wide = info[0] === 3;
    if (info.length < (wide ? 14 : 12)) throw file.damaged(place, "it is shorter than its fields");
    if (latin1Of(info.subarray(wide ? 10 : 8, wide ? 14 : 12)) !== "Exif") continue;
    return wide ? viewOf(info).getUint32(4) : viewOf(info).getUint16(4);
  }
  return undefined;
}

/** Where an item stands, from the bytes of `iloc`; the widths of its numbers are stated at its start. */
function locate(iloc: Uint8Array, wanted: number, file: Ranges, place: string): { at: number; length: number } {
  const view = viewOf(iloc);
  let at = 0;
  const number = (width: number): number => {
    if (at + width > iloc.length) throw file.damaged(place, "it ends in the middle of an item");
    at += width;
    if (width === 0) return 0;
    if (width === 1) return view.getUint8(at - 1);
    if (width === 2) return view.getUint16(at - 2);
    if (width === 4) return view.getUint32(at - 4);
    if (width === 8) return Number(view.getBigUint64(at - 8));
    throw file.damaged(place, `its numbers are ${width} bytes wide`);
  };
  const version = number(4) >>> 24;
  const [sizes = 0, more = 0] = [number(1), number(1)];
  const [offsetWidth, lengthWidth, baseWidth, indexWidth] = [
    sizes >> 4,
    sizes & 15,
    more >> 4,
    version > 0 ? more & 15 : 0,
  ];
  const count = number(version < 2 ? 2 : 4);
  for (let index = 0; index < count; index += 1) {
    const id = number(version < 2 ? 2 : 4);
    const method = version > 0 ? number(2) & 15 : 0;
    number(2);
    const base = number(baseWidth);
    const extents = number(2);
    for (let extent = 0; extent < extents; extent += 1) {
      // An extent may take no byte at all, so that the block's length bounds their number not.
      file.pass(0, place);
      number(indexWidth);
      const found = { at: base + number(offsetWidth), length: number(lengthWidth) };
      if (id !== wanted) continue;
      if (method !== 0 || extents !== 1) throw file.damaged(place, "its EXIF is not stored in one piece of the file");
      return found;
    }
  }
  throw file.damaged(place, `it does not say where item ${wanted} is`);
}
