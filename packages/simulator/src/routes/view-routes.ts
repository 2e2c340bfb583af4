import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import sharp from "sharp";
import { type Folders, type FolderType, folderTypes, isFile, splitAnnotated } from "../site/folders.ts";
import { emptyReply, type Reply, type Request, type Routes } from "../transport/http-server.ts";

const contentTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".mkv": "video/x-matroska",
  ".flac": "audio/flac",
  ".mp3": "audio/mpeg",
  ".opus": "audio/ogg",
  ".wav": "audio/x-wav",
  ".txt": "text/plain",
  ".json": "application/json",
};

/** `GET /view`. All refusals have empty bodies. */
export function viewRoutes(folders: Folders): Routes {
  return {
    "GET /view": async (request) => {
      const query = request.url.searchParams;
      const given = query.get("filename");
      if (given === null) return emptyReply(404);
      const annotated = splitAnnotated(given);
      if (annotated.name === "" || annotated.name.startsWith("/") || annotated.name.includes(".."))
        return emptyReply(400);
      const type = annotated.type ?? query.get("type") ?? "output";
      if (!isFolderType(type)) return emptyReply(400);
      const name = basename(annotated.name);
      const path = folders.resolve(type, query.get("subfolder") ?? "", name);
      if (path === null) return emptyReply(403);
      if (!isFile(path)) return emptyReply(404);
      const disposition = { "content-disposition": `filename="${Buffer.from(name).toString("latin1")}"` };
      const preview = query.get("preview");
      if (preview !== null) return previewOf(path, preview, disposition);
      const channel = query.get("channel");
      if (channel === "rgb" || channel === "a") return channelOf(path, channel, disposition);
      return fileReply(path, request, disposition);
    },
  };
}

async function previewOf(path: string, wanted: string, headers: Record<string, string>): Promise<Reply> {
  const [format, quality = "90"] = wanted.split(";");
  const image = sharp(path);
  const options = { quality: Math.min(100, Math.max(1, Number(quality) || 90)) };
  if (format === "jpeg") {
    return {
      status: 200,
      headers: { ...headers, "content-type": "image/jpeg" },
      body: await image.jpeg(options).toBuffer(),
    };
  }
  return {
    status: 200,
    headers: { ...headers, "content-type": "image/webp" },
    body: await image.webp(options).toBuffer(),
  };
}

async function channelOf(path: string, channel: "rgb" | "a", headers: Record<string, string>): Promise<Reply> {
  const image = channel === "rgb" ? sharp(path).removeAlpha() : sharp(path).ensureAlpha().extractChannel(3);
  return { status: 200, headers: { ...headers, "content-type": "image/png" }, body: await image.png().toBuffer() };
}

async function fileReply(path: string, request: Request, disposition: Record<string, string>): Promise<Reply> {
  const { mtimeMs, mtime, size } = await stat(path);
  const etag = `"${Math.floor(mtimeMs * 1e6).toString(16)}-${size.toString(16)}"`;
  const headers = {
    ...disposition,
    "content-type": contentTypes[extname(path).toLowerCase()] ?? "application/octet-stream",
    etag,
    "last-modified": mtime.toUTCString(),
    "accept-ranges": "bytes",
  };
  const { "if-none-match": known, "if-modified-since": since, range } = request.incoming.headers;
  const unmodified = since !== undefined && Math.floor(mtimeMs / 1000) * 1000 <= Date.parse(since);
  if (known === etag || (known === undefined && unmodified)) return { status: 304, headers };
  const body = await readFile(path);
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (match === null) return { status: 200, headers, body };
  const start = Number(match[1]);
  const end = match[2] === "" ? size - 1 : Math.min(size - 1, Number(match[2]));
  if (start > end) return { status: 416, headers: { "content-range": `bytes */${size}` } };
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end}/${size}` },
    body: body.subarray(start, end + 1),
  };
}

function isFolderType(type: string): type is FolderType {
  return folderTypes.some((known) => known === type);
}
