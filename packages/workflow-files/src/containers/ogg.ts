import { MAX_TEXT_BYTES } from "../limits.ts";
import { startsWith, viewOf } from "../parts/bytes.ts";
import { joined } from "../parts/inflate.ts";
import { vorbisComments } from "../parts/vorbis-comments.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";

/** What stands before the comments in the packet that holds them, in Opus, Vorbis and FLAC. */
const heads = ["OpusTags", "\x03vorbis"];

/** The second packet of the first stream holds the comments. It runs over as many pages as it needs. */
export async function* readOgg(file: Ranges): AsyncGenerator<Tag> {
  const packet = await secondPacket(file);
  const head = heads.find((text) => startsWith(packet, text));
  const length = head?.length ?? 4;
  // Ogg FLAC: a block of type 4, as in FLAC itself.
  if (head === undefined && (packet[0] ?? 0) % 0x80 !== 4) return;
  yield* vorbisComments(packet.subarray(Math.min(length, packet.length)), file, "comments");
}

async function secondPacket(file: Ranges): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let packets = 0;
  let serial: number | undefined;
  for (let at = 0; ; ) {
    const place = `page at byte ${at}`;
    const head = await file.read(at, 27, place);
    if (!startsWith(head, "OggS")) throw file.damaged(place, "it does not begin with OggS");
    const stream = viewOf(head).getUint32(14, true);
    serial ??= stream;
    // A packet is a row of segments of 255 bytes and one that is shorter.
    const segments = await file.read(at + 27, head[26] ?? 0, place);
    let from = at + 27 + segments.length;
    const end = segments.reduce((sum, segment) => sum + segment, from);
    file.pass(end, place);
    let taken = 0;
    for (const segment of stream === serial ? segments : []) {
      if (packets === 1) taken += segment;
      else if (packets === 0) from += segment;
      if (segment < 255) packets += 1;
    }
    length += taken;
    if (length > MAX_TEXT_BYTES) throw file.tooLarge(place, `the comments have more than ${MAX_TEXT_BYTES} bytes`);
    parts.push((await file.read(from, taken, place)).slice());
    if (packets > 1) return joined(parts, length);
    at = end;
  }
}
