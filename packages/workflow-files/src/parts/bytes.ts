/** Big-endian and little-endian numbers at any place of some bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** One character a byte, for short texts. `TextDecoder` reads `latin1` as Windows-1252, which differs from 0x80 to 0x9f. */
export function latin1Of(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** UTF-8, or Latin-1 where it is none: both are found in fields that ought to hold one of the two. */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

/** The bytes before the first 0 from `at`, and where it stands; all that follow if there is none. */
export function untilZero(bytes: Uint8Array, at = 0): { bytes: Uint8Array; end: number } {
  const zero = bytes.indexOf(0, at);
  const end = zero < 0 ? bytes.length : zero;
  return { bytes: bytes.subarray(at, end), end };
}

export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  return latin1Of(bytes.subarray(at, at + text.length)) === text;
}
