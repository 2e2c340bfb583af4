const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** True for the first bytes of a PNG. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/** The graph that ComfyUI writes into the pictures it saves (text chunk `prompt`), as JSON; null if there is none. */
export function promptInPng(bytes: Uint8Array): string | null {
  if (!isPng(bytes)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = new TextDecoder("latin1");
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = latin.decode(bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IEND") return null;
    if (type === "tEXt") {
      const end = data.indexOf(0);
      // ComfyUI escapes what Latin-1 cannot hold. The text is given on as it is: whoever parses it knows Python's JSON.
      if (latin.decode(data.subarray(0, end)) === "prompt") return latin.decode(data.subarray(end + 1));
    }
    at += 12 + length;
  }
  return null;
}
