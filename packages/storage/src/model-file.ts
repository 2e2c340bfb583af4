import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { readHead } from "./file-head.ts";
import { endingOf } from "./file-name.ts";

/** Thrown for a 3D model that we do not take; `message` says why, for the person who sent it. */
export class ModelInvalid extends Error {
  override readonly name = "ModelInvalid";
}

/** The formats that are taken, by the ending of a file's name, with their types. */
const types: Readonly<Record<string, string>> = {
  glb: "model/gltf-binary",
  gltf: "model/gltf+json",
  obj: "model/obj",
  stl: "model/stl",
  ply: "model/ply",
  fbx: "model/x-fbx",
};

/** Whether a file's name is that of a 3D model that we take. */
export function isModelName(name: string): boolean {
  return Object.hasOwn(types, endingOf(name) ?? "");
}

/** The most of a file's description (the JSON of a glTF) that is read into memory. */
const MAX_JSON_BYTES = 16 * 1024 ** 2;
/** Characters of a line of an OBJ: faces of a thousand corners have fewer. */
const MAX_LINE = 64 * 1024;

/**
 * The type of a 3D model that was sent, by its name and its content; null for a file whose name is that of no 3D model. What
 * would lead ComfyUI to other files of its server is refused: a glTF that is not one file, an OBJ with paths.
 *
 * @throws ModelInvalid where the content is not what the name says
 */
export async function modelType(path: string, name: string): Promise<string | null> {
  const ending = endingOf(name);
  const type = ending === null ? undefined : types[ending];
  if (ending === null || type === undefined) return null;
  const problem = await problemOf(ending, path);
  if (problem !== null) throw new ModelInvalid(problem);
  return type;
}

async function problemOf(ending: string, path: string): Promise<string | null> {
  const { bytes, sizeBytes } = await readHead(path);
  const text = bytes.toString("latin1");
  const isNone = `This is not a ${ending.toUpperCase()} file, or it is damaged.`;
  switch (ending) {
    case "glb":
      return glbProblem(path, bytes, sizeBytes);
    case "gltf":
      return sizeBytes > MAX_JSON_BYTES ? tooMuchJson : gltfProblem(await textAt(path, 0, sizeBytes));
    case "stl": {
      const isBinary = bytes.length >= 84 && sizeBytes === 84 + 50 * bytes.readUInt32LE(80);
      return isBinary || /^\s*solid\b[\s\S]*?\bfacet\b/.test(text) ? null : isNone;
    }
    case "ply":
      return /^ply\r?\n/.test(text) && text.includes("element vertex ") && /^end_header\r?$/m.test(text)
        ? null
        : isNone;
    case "fbx":
      return /^(Kaydara FBX Binary {2}\0|;\s*FBX \d)/.test(text) ? null : isNone;
    default:
      return /^v[ \t]+-?[\d.]+[ \t]/m.test(text) ? objProblem(path) : isNone;
  }
}

const tooMuchJson = "The description in this file is larger than 16 MB. Save it as GLB.";

/** A header, then a first part that is its description: what a reader of glTF relies on. */
async function glbProblem(path: string, head: Buffer, sizeBytes: number): Promise<string | null> {
  const isWhole =
    head.length >= 20 &&
    head.toString("latin1", 0, 4) === "glTF" &&
    head.readUInt32LE(4) === 2 &&
    head.readUInt32LE(8) === sizeBytes &&
    head.toString("latin1", 16, 20) === "JSON" &&
    20 + head.readUInt32LE(12) <= sizeBytes;
  if (!isWhole) return "This is not a GLB file of version 2, or it is damaged.";
  const length = head.readUInt32LE(12);
  return length > MAX_JSON_BYTES ? tooMuchJson : gltfProblem(await textAt(path, 20, length));
}

/** A description that names other files would be read beside it on the server, whatever it names. */
function gltfProblem(text: string): string | null {
  let gltf: { asset?: unknown; buffers?: unknown; images?: unknown } | null;
  try {
    gltf = JSON.parse(text);
  } catch {
    return "The description in this glTF is damaged.";
  }
  if (typeof gltf !== "object" || gltf === null || typeof gltf.asset !== "object") return "This is not a glTF file.";
  const parts = [gltf.buffers, gltf.images].flatMap((list) => (Array.isArray(list) ? list : []));
  const isElsewhere = parts.some((part) => typeof part?.uri === "string" && !part.uri.startsWith("data:"));
  return isElsewhere ? "This glTF keeps its shapes or pictures in other files. Save it as one GLB file." : null;
}

/** An OBJ may name a file of materials beside it, which is not sent; by a path it could name any file of the server. */
async function objProblem(path: string): Promise<string | null> {
  let rest = "";
  for await (const chunk of createReadStream(path, "latin1") as AsyncIterable<string>) {
    const text = rest + chunk;
    if (/^[ \t]*mtllib[^\n]*[\\/]/m.test(text))
      return "This OBJ names its materials by a path. Take its mtllib lines out, or save it as GLB.";
    // A line may be cut where a chunk ends. Only a line that is looked at whole is known to name no path.
    rest = text.slice(text.lastIndexOf("\n") + 1);
    if (rest.length > MAX_LINE) return "A line of this OBJ is too long to be one. Save it as GLB.";
  }
  return null;
}

async function textAt(path: string, position: number, length: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
