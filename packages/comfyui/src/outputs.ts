export type ComfyFileKind = "image" | "animation" | "video" | "audio" | "model" | "text" | "file";

/** A file that a node left on the server. */
export interface ComfyFile {
  readonly nodeId: string;
  readonly filename: string;
  readonly subfolder: string;
  /** `output` is kept; `temp` is a preview that the server deletes when it restarts; `input` was uploaded. */
  readonly type: string;
  /** By extension: ComfyUI lists videos and moving pictures under `images`, the latter with `animated: [true]`. */
  readonly kind: ComfyFileKind;
}

const kindByExtension: Readonly<Record<string, ComfyFileKind>> = {
  png: "image",
  jpg: "image",
  jpeg: "image",
  webp: "image",
  gif: "animation",
  avif: "image",
  bmp: "image",
  tif: "image",
  tiff: "image",
  exr: "image",
  mp4: "video",
  webm: "video",
  mov: "video",
  mkv: "video",
  m4v: "video",
  flac: "audio",
  mp3: "audio",
  wav: "audio",
  opus: "audio",
  ogg: "audio",
  m4a: "audio",
  glb: "model",
  gltf: "model",
  obj: "model",
  stl: "model",
  ply: "model",
  fbx: "model",
  usdz: "model",
  txt: "text",
  json: "text",
  md: "text",
};

/** By its ending, as nothing else is known of it before it is fetched. */
export function kindOfFile(filename: string): ComfyFileKind {
  const extension = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  return kindByExtension[extension] ?? "file";
}

/** The files in one node's output, whatever keys its author chose: any array entry with a string `filename` and `type`. */
export function filesOfNode(nodeId: string, output: unknown): ComfyFile[] {
  if (typeof output !== "object" || output === null) return [];
  const flags: unknown = "animated" in output ? output.animated : null;
  const animated = Array.isArray(flags) && flags.includes(true);
  return Object.values(output)
    .filter(Array.isArray)
    .flat()
    .flatMap((entry) => toFile(nodeId, entry, animated));
}

/** The texts in one node's output, which are in no file: `text` entries that are strings. */
export function textsOfNode(output: unknown): string[] {
  if (typeof output !== "object" || output === null || !("text" in output) || !Array.isArray(output.text)) return [];
  return output.text.filter((entry): entry is string => typeof entry === "string");
}

function toFile(nodeId: string, entry: unknown, animated: boolean): ComfyFile[] {
  if (typeof entry !== "object" || entry === null) return [];
  const { filename, type, subfolder } = entry as Record<string, unknown>;
  if (typeof filename !== "string" || typeof type !== "string" || filename === "") return [];
  const kind = kindOfFile(filename);
  return [
    {
      nodeId,
      filename,
      type,
      subfolder: typeof subfolder === "string" ? subfolder : "",
      kind: animated && kind === "image" ? "animation" : kind,
    },
  ];
}

/** All files of a run, in order of execution. A file that two nodes name counts once. */
export function filesOfRun(outputs: Readonly<Record<string, unknown>>): ComfyFile[] {
  const seen = new Map<string, ComfyFile>();
  for (const [nodeId, output] of Object.entries(outputs)) {
    for (const file of filesOfNode(nodeId, output)) {
      const key = JSON.stringify([file.type, file.subfolder, file.filename]);
      if (!seen.has(key)) seen.set(key, file);
    }
  }
  return [...seen.values()];
}
