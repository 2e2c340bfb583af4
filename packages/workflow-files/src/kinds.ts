import { latin1Of, startsWith, viewOf } from "./parts/bytes.ts";
import type { TagReader } from "./tag.ts";

/** How many bytes at the start tell what a file is. */
export const MAGIC_BYTES = 64;

export interface Kind {
  /** As people call it. */
  readonly name: string;
  /** Whether a file of `size` bytes that starts so is of this kind. */
  readonly is: (start: Uint8Array, size: number) => boolean;
  /** Fetched when the first such file comes: a page that imports JSON loads no reader of videos. */
  readonly reader: () => Promise<TagReader>;
}

const magic =
  (text: string, at = 0) =>
  (start: Uint8Array) =>
    startsWith(start, text, at);

/** What `ftyp` says, or the first box where there is none, as in old MOV files. */
const brands = (pattern: RegExp) => (start: Uint8Array) => pattern.test(latin1Of(start.subarray(4, 12)));

const avif = () => import("./containers/avif.ts").then(({ readAvif }) => readAvif);
const mp4 = () => import("./containers/mp4.ts").then(({ readMp4 }) => readMp4);
const ogg = () => import("./containers/ogg.ts").then(({ readOgg }) => readOgg);
const matroska = () => import("./containers/matroska.ts").then(({ readMatroska }) => readMatroska);
const riff = () => import("./containers/riff.ts").then(({ readRiff }) => readRiff);
const jxl = () => import("./containers/jxl.ts").then(({ readJxl }) => readJxl);

/** What begins with a length and the form of what is in it. */
const form = (start: Uint8Array, type: string): boolean =>
  /^(RIFF|RF64|BW64)$/.test(latin1Of(start.subarray(0, 4))) && startsWith(start, type, 8);

/** Every kind of file that is read, by its first bytes; a name's ending says nothing. The first that fits is taken. */
export const kinds: readonly Kind[] = [
  {
    name: "PNG",
    is: magic("\x89PNG\r\n\x1a\n"),
    reader: () => import("./containers/png.ts").then(({ readPng }) => readPng),
  },
  {
    name: "WebP",
    is: (start) => form(start, "WEBP"),
    reader: () => import("./containers/webp.ts").then(({ readWebp }) => readWebp),
  },
  {
    name: "JPEG",
    is: magic("\xff\xd8\xff"),
    reader: () => import("./containers/jpeg.ts").then(({ readJpeg }) => readJpeg),
  },
  { name: "WAV", is: (start) => form(start, "WAVE"), reader: riff },
  { name: "AVI", is: (start) => form(start, "AVI"), reader: riff },
  {
    name: "GIF",
    is: magic("GIF8"),
    reader: () => import("./containers/gif.ts").then(({ readGif }) => readGif),
  },
  {
    name: "TIFF",
    // BigTIFF has 43 in the place of 42.
    is: (start) => /^(II[*+]\0|MM\0[*+])$/.test(latin1Of(start.subarray(0, 4))),
    reader: () => import("./containers/tiff.ts").then(({ readTiff }) => readTiff),
  },
  { name: "JXL", is: magic("JXL", 4), reader: jxl },
  { name: "AVIF", is: brands(/^ftypavi[fs]/), reader: avif },
  { name: "HEIC", is: brands(/^ftyp(hei[cxms]|hev[cmsx]|mif1|msf1)/), reader: avif },
  { name: "MOV", is: brands(/^(ftypqt {2}|moov|mdat|wide|free|skip|pnot)/), reader: mp4 },
  { name: "MP4", is: brands(/^ftyp/), reader: mp4 },
  {
    name: "WebM",
    is: (start) => startsWith(start, "\x1aE\xdf\xa3") && latin1Of(start).includes("webm"),
    reader: matroska,
  },
  { name: "MKV", is: magic("\x1aE\xdf\xa3"), reader: matroska },
  {
    name: "FLAC",
    is: magic("fLaC"),
    reader: () => import("./containers/flac.ts").then(({ readFlac }) => readFlac),
  },
  { name: "Opus", is: (start) => startsWith(start, "OggS") && startsWith(start, "OpusHead", 28), reader: ogg },
  { name: "Ogg", is: magic("OggS"), reader: ogg },
  {
    name: "MP3",
    // With a tag, or at once with a frame of sound: eleven bits set, and layer III.
    is: (start) => startsWith(start, "ID3") || (start[0] === 0xff && ((start[1] ?? 0) & 0xe6) === 0xe2),
    reader: () => import("./containers/mp3.ts").then(({ readMp3 }) => readMp3),
  },
  {
    name: "GLB",
    is: magic("glTF"),
    reader: () => import("./containers/glb.ts").then(({ readGlb }) => readGlb),
  },
  {
    name: "EXR",
    is: magic("v/1\x01"),
    reader: () => import("./containers/exr.ts").then(({ readExr }) => readExr),
  },
  {
    name: "safetensors",
    is: isSafetensors,
    reader: () => import("./containers/safetensors.ts").then(({ readSafetensors }) => readSafetensors),
  },
  {
    name: "SVG",
    is: (start) => firstCharacters(start).startsWith("<"),
    reader: () => import("./containers/svg.ts").then(({ readSvg }) => readSvg),
  },
  {
    name: "JSON",
    is: (start) => /^[{["]/.test(firstCharacters(start)),
    reader: () => import("./containers/json.ts").then(({ readJson }) => readJson),
  },
];

/** A length of eight bytes that fits into the file, and a JSON object. */
function isSafetensors(start: Uint8Array, size: number): boolean {
  return start.length > 8 && start[8] === 0x7b && viewOf(start).getBigUint64(0, true) <= BigInt(size - 8);
}

/** Without what may stand before a text: byte order marks, white space, and the 0 of each character in UTF-16. */
function firstCharacters(start: Uint8Array): string {
  return latin1Of(start)
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, "")
    .replaceAll("\0", "")
    .trimStart();
}

/** Kinds that people try, and that hold no text beside what they show or play. */
const bare: readonly (readonly [name: string, magic: string])[] = [
  ["BMP", "BM"],
  ["PSD", "8BPS"],
  ["JXL", "\xff\x0a"],
  ["AIFF", "FORM"],
  ["PDF", "%PDF"],
  ["FBX", "Kaydara"],
  ["PLY", "ply"],
  ["GGUF", "GGUF"],
];

const archives: typeof bare = [
  ["ZIP", "PK\x03\x04"],
  ["7z", "7z\xbc\xaf"],
  ["RAR", "Rar"],
  ["gzip", "\x1f\x8b"],
];

/** What a file is that no reader takes, where its first bytes tell. */
export function nameOther(start: Uint8Array): { readonly name: string; readonly isArchive: boolean } | null {
  const found = [...bare, ...archives].find(([, text]) => startsWith(start, text));
  return found === undefined ? null : { name: found[0], isArchive: archives.includes(found) };
}
