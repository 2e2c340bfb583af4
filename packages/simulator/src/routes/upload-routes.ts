import { mkdir, readFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import sharp from "sharp";
import { type Folders, type FolderType, folderTypes, isFile } from "../site/folders.ts";
import { emptyReply, jsonReply, type Request, type Routes } from "../transport/http-server.ts";

type Form = Awaited<ReturnType<Response["formData"]>>;

interface Upload {
  readonly bytes: Buffer;
  readonly name: string;
  readonly path: string;
  readonly subfolder: string;
  readonly type: FolderType;
  readonly form: Form;
}

/** `POST /upload/image` and `/upload/mask`. Contents are not looked at: a text passes and fails when a node loads it. */
export function uploadRoutes(folders: Folders): Routes {
  return {
    "POST /upload/image": async (request) => {
      const upload = await readUpload(request, folders);
      if (upload === null) return emptyReply(400);
      const overwrite = ["true", "1"].includes(String(upload.form.get("overwrite") ?? ""));
      const { path, isThere } = overwrite ? { path: upload.path, isThere: false } : await placeFor(upload);
      // A folder within the file name is not made: the real server answers 500 too.
      await mkdir(folders.resolve(upload.type, upload.subfolder, "") ?? "", { recursive: true });
      if (!isThere) await folders.write(path, upload.bytes);
      return answer({ ...upload, name: path === upload.path ? upload.name : nameIn(path) });
    },

    "POST /upload/mask": async (request) => {
      const upload = await readUpload(request, folders);
      if (upload === null) return emptyReply(400);
      const reference = upload.form.get("original_ref");
      if (typeof reference !== "string")
        throw new TypeError("the JSON object must be str, bytes or bytearray, not NoneType");
      const original: unknown = JSON.parse(reference);
      const source = originalPath(original, folders);
      // ComfyUI answers 200 for a missing or illegal original too, and writes nothing.
      if (source === null) return answer(upload);
      const { data, info } = await sharp(source).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const alpha = await sharp(upload.bytes)
        .ensureAlpha()
        .extractChannel(3)
        .resize(info.width, info.height, { fit: "fill" })
        .raw()
        .toBuffer();
      const picture = sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
      const masked = picture.joinChannel(alpha, { raw: { width: info.width, height: info.height, channels: 1 } });
      await mkdir(dirname(upload.path), { recursive: true });
      await folders.write(upload.path, await masked.png().toBuffer());
      return answer(upload);
    },
  };
}

async function readUpload(request: Request, folders: Folders): Promise<Upload | null> {
  const contentType = request.incoming.headers["content-type"] ?? "";
  const body = await request.body();
  if (!contentType.startsWith("multipart/form-data")) return null;
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  const file = form.get("image");
  if (file === null || typeof file === "string") return null;
  const type = String(form.get("type") ?? "input");
  const known = folderTypes.find((candidate) => candidate === type);
  if (known === undefined) throw new TypeError("expected str, bytes or os.PathLike object, not NoneType");
  const subfolder = String(form.get("subfolder") ?? "");
  const folder = folders.resolve(known, subfolder, "");
  if (folder === null) return null;
  if (file.name === "" || file.name.startsWith("/")) throw new TypeError("not a file name");
  const path = resolve(folder, file.name);
  if (!path.startsWith(`${folder}/`)) return null;
  return { bytes: Buffer.from(await file.arrayBuffer()), name: file.name, path, subfolder, type: known, form };
}

/** The same name for the same bytes, which are not written again, else the first `name (n)` that is free or has them. */
async function placeFor({ path, bytes }: Upload): Promise<{ readonly path: string; readonly isThere: boolean }> {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let number = 0; ; number += 1) {
    const candidate = number === 0 ? path : `${stem} (${number})${extension}`;
    if (!isFile(candidate)) return { path: candidate, isThere: false };
    if (bytes.equals(await readFile(candidate))) return { path: candidate, isThere: true };
  }
}

function nameIn(path: string): string {
  return path.slice(dirname(path).length + 1);
}

function answer({ name, subfolder, type }: Pick<Upload, "name" | "subfolder" | "type">): ReturnType<typeof jsonReply> {
  return jsonReply({ name, subfolder, type });
}

function originalPath(reference: unknown, folders: Folders): string | null {
  if (typeof reference !== "object" || reference === null || !("filename" in reference)) return null;
  const { filename, subfolder = "", type = "output" } = reference as Record<string, unknown>;
  const known = folderTypes.find((candidate) => candidate === type);
  if (known === undefined || typeof filename !== "string" || filename.includes("..")) return null;
  const path = folders.resolve(known, String(subfolder), join(".", filename));
  return path !== null && isFile(path) ? path : null;
}
