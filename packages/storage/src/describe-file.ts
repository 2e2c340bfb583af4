import { fileTypeFromFile } from "file-type";
import { readHead } from "./file-head.ts";
import { endingOf } from "./file-name.ts";
import { inspectImage, sizeProblem } from "./images/image.ts";
import { measureMedia } from "./measure-media.ts";

/** What a file is, by its content. */
export interface FileFacts {
  readonly kind: "image" | "animation" | "video" | "audio" | "text" | "model" | "file";
  readonly mimeType: string;
  /** Pixels of pictures and films; null for everything else, and where a film does not say. */
  readonly width: number | null;
  readonly height: number | null;
  /** Of films and sounds, where the file says so. */
  readonly durationSeconds?: number | null;
}

/** Pictures that browsers show. Others (TIFF, BMP, HEIC) are files to download. */
const pictures: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]);

const BINARY = "application/octet-stream";
const TEXT = "text/plain; charset=utf-8";

/**
 * What the file at `path` is. Only its content counts, but for formats without a mark of their own, which are told apart
 * by the ending of `name`. Throws ImageInvalid for a picture whose header is damaged.
 */
export async function describeFile(path: string, name: string): Promise<FileFacts> {
  const head = await look(path);
  const model = modelType(head, name);
  if (model !== null) return plain("model", model);
  // A drawing is markup that may hold a script: something to download, never to show.
  if (/\.svg$/i.test(name) && head.text?.includes("<svg")) return plain("file", "image/svg+xml");
  const mimeType = (await fileTypeFromFile(path))?.mime ?? null;
  const isDocument = mimeType?.startsWith("application/") && mimeType !== "application/xml";
  // Before the marks of other formats, some of which are two letters. Markup is text and nothing a browser should run.
  if (head.text !== null && !isDocument) return plain("text", textType(head.text, name));
  if (mimeType === "image/apng") return { ...(await picture(path)), kind: "animation", mimeType };
  if (mimeType !== null && pictures.has(mimeType)) return picture(path);
  if (mimeType?.startsWith("video/")) return { kind: "video", mimeType, ...(await measureMedia(path)) };
  if (mimeType?.startsWith("audio/")) return { kind: "audio", mimeType, ...(await measureMedia(path)) };
  if (mimeType === "model/gltf-binary" || mimeType === "model/3mf") return plain("model", mimeType);
  return unmarked(mimeType ?? BINARY, name);
}

/** Texts that are a page or a program to whoever opens them by their name. */
const runnable = /^([xd]?html?|mht|mhtml|xml|xslt?|svg|js|mjs|cjs|wasm|hta|vbs|ps1|bat|cmd|sh|command|desktop|url)$/;

/** The type of a text by its name: a table stays a table when it is saved. What could run stays a plain text. */
function textType(text: string, name: string): string {
  const ending = endingOf(name);
  if (ending === "json" && /^\s*[[{]/.test(text)) return "application/json";
  if (ending === null || ending === "txt" || ending === "json" || runnable.test(ending)) return TEXT;
  const known: Readonly<Record<string, string>> = { csv: "text/csv", md: "text/markdown", vtt: "text/vtt" };
  return `${known[ending] ?? `text/x-${ending}`}; charset=utf-8`;
}

/** `image/x-exr` of a file that ends in `exr`. */
function namesItself(mimeType: string, ending: string): boolean {
  return mimeType.endsWith(`/${ending}`) || mimeType.endsWith(`/x-${ending}`);
}

/** 3D formats without a mark of their own that we know. */
const modelEndings = /^(fbx|usd[acz]?|blend|dae|splat|ksplat|spz|vox)$/;

/** A file to download. Its type names the ending that it came with, so that it leaves with that one: EXR, latents, archives of numbers. */
function unmarked(mimeType: string, name: string): FileFacts {
  const ending = endingOf(name);
  if (ending !== null && modelEndings.test(ending)) return plain("model", `model/x-${ending}`);
  return plain("file", ending === null || namesItself(mimeType, ending) ? mimeType : `application/x-${ending}`);
}

const plain = (kind: FileFacts["kind"], mimeType: string): FileFacts => ({ kind, mimeType, width: null, height: null });

async function picture(path: string): Promise<FileFacts> {
  const { mimeType, width, height, pages } = await inspectImage(path);
  // Larger than we decode: it was made at some cost, so it is kept to be downloaded, and nothing is made of it.
  if (sizeProblem({ width, height }) !== null) return plain("file", mimeType);
  return { kind: pages > 1 ? "animation" : "image", mimeType, width, height };
}

/** The 3D formats that file-type does not know: most of them are text, or numbers without a mark. */
function modelType({ bytes, sizeBytes, text }: Head, name: string): string | null {
  if (/^ply\r?\n/.test(bytes.toString("latin1", 0, 8))) return "model/ply";
  // A binary STL is 80 bytes of anything, a count, and 50 bytes for each triangle.
  if (bytes.length > 84 && sizeBytes === 84 + 50 * bytes.readUInt32LE(80)) return "model/stl";
  if (/^Kaydara FBX Binary {2}\0/.test(bytes.toString("latin1", 0, 24))) return "model/x-fbx";
  if (text === null) return null;
  if (/^;\s*FBX \d/.test(text)) return "model/x-fbx";
  if (/^#usda \d/.test(text)) return "model/x-usda";
  if (/\.dae$/i.test(name) && text.includes("<COLLADA")) return "model/x-dae";
  if (/^solid\b[^\n]*\n\s*facet\b/.test(text)) return "model/stl";
  if (/\.obj$/i.test(name) && /^v\s+-?[\d.]+\s/m.test(text)) return "model/obj";
  if (/\.gltf$/i.test(name) && /^\s*\{/.test(text) && text.includes('"asset"')) return "model/gltf+json";
  return null;
}

interface Head {
  readonly bytes: Buffer;
  readonly sizeBytes: number;
  /** The bytes as UTF-8; null if they are no text. */
  readonly text: string | null;
}

async function look(path: string): Promise<Head> {
  const { bytes, sizeBytes } = await readHead(path);
  return { bytes, sizeBytes, text: textOf(bytes, bytes.length < sizeBytes) };
}

function textOf(bytes: Buffer, isCut: boolean): string | null {
  // Tab to carriage return, and the escape of colored logs.
  if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))) return null;
  try {
    // A character may be cut where the head ends: then the decoder waits for its rest.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}
