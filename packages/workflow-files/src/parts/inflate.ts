import { MAX_TEXT_BYTES } from "../limits.ts";
import type { Ranges } from "../ranges.ts";

/** So little is given to the decompressor at once: 4 KB become 4 MB at the most before we look at how much it is. */
const PIECE_BYTES = 4096;

/** What the platform may have a decompressor for. Node has Brotli; of the browsers, Chromium has not (153). */
type Format = "deflate" | "brotli";

export function canInflate(format: Format): boolean {
  try {
    return Boolean(new DecompressionStream(format as ConstructorParameters<typeof DecompressionStream>[0]));
  } catch {
    return false;
  }
}

/**
 * What zlib's deflate, or Brotli, had compressed.
 *
 * @throws WorkflowFileError `TOO_LARGE` once it is more than a text may have, `DAMAGED` if it can't be decompressed
 */
export async function inflate(
  compressed: Uint8Array<ArrayBuffer>,
  file: Ranges,
  place: string,
  format: Format = "deflate",
): Promise<Uint8Array> {
  const reader = pieces(compressed)
    .pipeThrough(new DecompressionStream(format as ConstructorParameters<typeof DecompressionStream>[0]))
    .getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value);
      length += next.value.length;
      if (length > MAX_TEXT_BYTES) break;
    }
  } catch {
    throw file.damaged(place, "its compressed text can't be decompressed");
  }
  if (length > MAX_TEXT_BYTES) {
    await reader.cancel().catch(() => undefined);
    throw file.tooLarge(place, `its text has more than ${MAX_TEXT_BYTES} bytes once decompressed`);
  }
  return joined(parts, length);
}

function pieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + PIECE_BYTES));
      at += PIECE_BYTES;
    },
  });
}

/** The parts as one. */
export function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
