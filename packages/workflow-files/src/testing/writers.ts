import { brotliCompressSync, constants, deflateSync } from "node:zlib";

/** Small writers of the containers that are read, only as much of each as its reader looks at. */

/** A graph with what is easily lost: a seed beyond 2^53, a number with a zero at its end, a bare NaN, letters beyond Latin-1. */
export const graph =
  '{"3": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615, "cfg": 7.50, "text": "日本 \\"{\\""}, "is_changed": [NaN]}}';
/** The same as ComfyUI writes it: its JSON is ASCII. */
export const asciiGraph = graph.replace("日本", "\\u65e5\\u672c");
export const editorGraph = '{"nodes": [{"id": 1, "type": "KSampler"}], "links": [], "version": 0.4}';

type Part = string | number[] | Uint8Array;

/** Strings become Latin-1, one byte a character; for UTF-8, give `utf8(text)`. */
export function bytes(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part)))),
  );
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function u16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

export function u32(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

export function little(numbers: readonly number[]): number[] {
  return [...numbers].reverse();
}

export function deflate(data: Uint8Array): Uint8Array {
  return deflateSync(data);
}

export function pngChunk(type: string, ...data: readonly Part[]): Uint8Array {
  const body = bytes(...data);
  return bytes(u32(body.length), type, body, u32(0));
}

export function png(...chunks: readonly Part[]): Uint8Array<ArrayBuffer> {
  return bytes("\x89PNG\r\n\x1a\n", pngChunk("IHDR", new Uint8Array(13)), ...chunks, pngChunk("IEND"));
}

/** A TIFF head and one directory of texts, by tag. */
export function tiff(texts: readonly (readonly [number, Part])[], isLittle = false): Uint8Array {
  const order = (value: number[]): number[] => (isLittle ? little(value) : value);
  const values = texts.map(([, text]) => bytes(text, [0]));
  let at = 8 + 2 + 12 * texts.length + 4;
  const entries = texts.map(([id], index) => {
    const length = values[index]?.length ?? 0;
    const entry = bytes(order(u16(id)), order(u16(2)), order(u32(length)), order(u32(at)));
    at += length;
    return entry;
  });
  return bytes(isLittle ? "II*\0" : "MM\0*", order(u32(8)), order(u16(texts.length)), ...entries, u32(0), ...values);
}

/** The same as BigTIFF has it: lengths and places of eight bytes. */
export function bigTiff(texts: readonly (readonly [number, Part])[], isLittle = false): Uint8Array<ArrayBuffer> {
  const order = (value: number[]): number[] => (isLittle ? little(value) : value);
  const u64 = (value: number): number[] => order([...u32(0), ...u32(value)]);
  const values = texts.map(([, text]) => bytes(text, [0]));
  let at = 16 + 8 + 20 * texts.length + 8;
  const entries = texts.map(([id], index) => {
    const length = values[index]?.length ?? 0;
    const entry = bytes(order(u16(id)), order(u16(2)), u64(length), u64(at));
    at += length;
    return entry;
  });
  const head = bytes(isLittle ? "II" : "MM", order(u16(43)), order(u16(8)), u16(0), u64(16));
  return bytes(head, u64(texts.length), ...entries, u64(0), ...values);
}

export function webp(exif: Part): Uint8Array<ArrayBuffer> {
  const body = bytes(exif);
  return bytes("RIFF", u32(0), "WEBP", "VP8 ", little(u32(3)), "abc\0", "EXIF", little(u32(body.length)), body);
}

/** WAV or AVI. Chunks are `[type, content]`. */
export function riff(form: string, ...chunks: readonly (readonly [string, Part])[]): Uint8Array<ArrayBuffer> {
  return bytes("RIFF", u32(0), form, ...chunks.map(([type, content]) => riffChunk(type, content)));
}

export function riffChunk(type: string, ...content: readonly Part[]): Uint8Array {
  const body = bytes(...content);
  return bytes(type, little(u32(body.length)), body, body.length % 2 === 1 ? [0] : []);
}

/** A GIF with a colour table, a comment, and a frame before and after it. */
export function gif(comment: Part): Uint8Array<ArrayBuffer> {
  const text = bytes(comment);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < text.length; at += 255) {
    const piece = text.subarray(at, at + 255);
    pieces.push(bytes([piece.length], piece));
  }
  const frame = bytes([0x21, 0xf9, 4, 0, 0, 0, 0, 0], [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80], new Uint8Array(6), [
    ...[2, 2, 0x44, 1, 0],
  ]);
  const head = bytes("GIF89a", [1, 0, 1, 0, 0x80, 0, 0], new Uint8Array(6));
  return bytes(head, frame, [0x21, 0xfe], ...pieces, [0], frame, [0x3b]);
}

/** Boxes of metadata and a bare picture. */
export function jxl(...metadata: readonly Part[]): Uint8Array<ArrayBuffer> {
  return bytes(box("JXL ", "\r\n\x87\n"), box("ftyp", "jxl \0\0\0\0jxl "), ...metadata, box("jxlc", "\xff\x0a"));
}

/** A box of JPEG XL compressed as `cjxl` does it: the type that it had before its content. */
export function brob(type: string, ...content: readonly Part[]): Uint8Array<ArrayBuffer> {
  return box("brob", type, brotliCompressSync(bytes(...content), { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }));
}

export function jpeg(...segments: readonly (readonly [number, Part])[]): Uint8Array<ArrayBuffer> {
  const written = segments.map(([marker, data]) => bytes([0xff, marker], u16(bytes(data).length + 2), data));
  return bytes([0xff, 0xd8], ...written, [0xff, 0xda, 0, 2], "picture", [0xff, 0xd9]);
}

export function box(type: string, ...content: readonly Part[]): Uint8Array<ArrayBuffer> {
  const body = bytes(...content);
  return bytes(u32(8 + body.length), type, body);
}

/** `meta` as ffmpeg writes it: names in `keys`, and their values in `ilst`. */
export function mdtaMeta(tags: Readonly<Record<string, string>>): Uint8Array {
  const names = Object.keys(tags).map((name) => bytes(u32(8 + name.length), "mdta", name));
  const values = Object.values(tags).map((text, index) =>
    bytes(u32(24 + utf8(text).length), u32(index + 1), box("data", u32(1), u32(0), utf8(text))),
  );
  return box(
    "meta",
    u32(0),
    box("hdlr", u32(0), u32(0), "mdta"),
    box("keys", u32(0), u32(names.length), ...names),
    box("ilst", ...values),
  );
}

/** An element of EBML with a length of four bytes. */
export function element(id: string, ...content: readonly Part[]): Uint8Array {
  const body = bytes(...content);
  return bytes([...Buffer.from(id, "hex")], u32(0x10000000 + body.length), body);
}

export function matroska(...segment: readonly Part[]): Uint8Array<ArrayBuffer> {
  return bytes(element("1a45dfa3", element("4282", "matroska")), element("18538067", ...segment));
}

export function matroskaTags(tags: Readonly<Record<string, string>>): Uint8Array {
  const simple = Object.entries(tags).map(([name, text]) =>
    element("67c8", element("45a3", name), element("4487", utf8(text))),
  );
  return element("1254c367", element("7373", ...simple));
}

export function vorbisComments(tags: Readonly<Record<string, string>>): Uint8Array {
  const comments = Object.entries(tags).map(([name, text]) => utf8(`${name}=${text}`));
  return bytes(
    ...[little(u32(4)), "test", little(u32(comments.length))],
    ...comments.flatMap((comment) => [little(u32(comment.length)), comment]),
  );
}

export function flac(comments: Part): Uint8Array<ArrayBuffer> {
  const body = bytes(comments);
  return bytes("fLaC", u32(4), "info", [0x84, ...u32(body.length).slice(1)], body, "sound");
}

/** Packets on as many pages as they need, each page with at most `perPage` segments. */
export function ogg(packets: readonly Uint8Array[], perPage = 255): Uint8Array<ArrayBuffer> {
  const segments = packets.flatMap((packet) => {
    const count = Math.floor(packet.length / 255) + 1;
    return Array.from({ length: count }, (_, index) => packet.subarray(index * 255, (index + 1) * 255));
  });
  const pages: Uint8Array[] = [];
  for (let at = 0; at < segments.length; at += perPage) {
    const on = segments.slice(at, at + perPage);
    pages.push(
      bytes(
        "OggS",
        new Uint8Array(22),
        [on.length],
        on.map(({ length }) => length),
        ...on,
      ),
    );
  }
  return bytes(...pages);
}

/** An ID3v2 tag of version 2, 3 or 4, then sound. Frames are `[id, content]`. */
export function id3(
  version: 2 | 3 | 4,
  frames: readonly (readonly [string, Part])[],
  flags = 0,
): Uint8Array<ArrayBuffer> {
  const safe = (value: number): number[] => [21, 14, 7, 0].map((shift) => (value >> shift) & 127);
  const written = frames.map(([id, content]) => {
    const body = bytes(content);
    if (version === 2) return bytes(id, u32(body.length).slice(1), body);
    return bytes(id, version === 4 ? safe(body.length) : u32(body.length), u16(0), body);
  });
  let body = bytes(...written, new Uint8Array(16));
  if ((flags & 0x80) !== 0) body = bytes([...body].flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])));
  return bytes("ID3", [version, 0, flags], safe(body.length), body, [0xff, 0xfb]);
}

export function glb(json: string): Uint8Array<ArrayBuffer> {
  const body = utf8(json);
  return bytes("glTF", little(u32(2)), little(u32(20 + body.length)), little(u32(body.length)), "JSON", body);
}

export function safetensors(header: string): Uint8Array<ArrayBuffer> {
  const body = utf8(header);
  return bytes(little(u32(body.length)), u32(0), body, new Uint8Array(8));
}

/** One head for each part. */
export function exr(...parts: readonly Readonly<Record<string, string>>[]): Uint8Array<ArrayBuffer> {
  const heads = parts.map((part) =>
    bytes(
      ...Object.entries(part).flatMap(([name, text]) => [
        name,
        "\0string\0",
        little(u32(utf8(text).length)),
        utf8(text),
      ]),
      [0],
    ),
  );
  return bytes("v/1\x01", [2, parts.length > 1 ? 0x10 : 0, 0, 0], ...heads, [0], "pixels");
}

/** An AVIF whose EXIF stands in `mdat`, as encoders write it. */
export function avif(exif: Part): Uint8Array<ArrayBuffer> {
  const body = bytes(u32(0), exif);
  const infos = box("iinf", u32(0), u16(1), box("infe", [2, 0, 0, 0], u16(7), u16(0), "Exif"));
  const locations = (at: number) =>
    box("iloc", [1, 0, 0, 0], [0x44, 0x00], u16(1), u16(7), u16(0), u16(0), u16(1), u32(at), u32(body.length));
  const head = (at: number) => bytes(box("ftyp", "avif"), box("meta", u32(0), infos, locations(at)));
  return bytes(head(head(0).length + 8), box("mdat", body));
}
