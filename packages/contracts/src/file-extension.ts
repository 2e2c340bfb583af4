const extensions: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/x-m4a": "m4a",
  "audio/mp4": "m4a",
  "image/apng": "png",
  "image/jpeg": "jpg",
  "image/svg+xml": "svg",
  "model/gltf-binary": "glb",
  "model/gltf+json": "gltf",
  "text/markdown": "md",
  "text/plain": "txt",
  "video/matroska": "mkv",
  "video/quicktime": "mov",
  "video/vnd.avi": "avi",
  "application/octet-stream": "bin",
};

/** The ending of a file's name, without its dot, for whoever downloads it. */
export function fileExtensionOf(mimeType: string): string {
  const [type = "", more = ""] = mimeType.split(";");
  if (type === "audio/ogg" && more.includes("opus")) return "opus";
  return extensions[type] ?? /\/(?:x-)?([a-z0-9]+)$/.exec(type)?.[1] ?? "bin";
}

/** A file name for people and for every file system: the first words of what it is called, its seed, its ending. */
export function downloadName(title: string, seed: number | null, mimeType: string): string {
  const words = title
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48)
    .replace(/-+$/, "");
  return `${words === "" ? "picture" : words}${seed === null ? "" : `-${seed}`}.${fileExtensionOf(mimeType)}`;
}
