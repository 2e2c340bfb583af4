import type { IncomingMessage } from "node:http";
import { DarkroomError, type FileLimits, mediaOfType, newId, type Principal } from "@darkroom/contracts";
import { createUpload, type Database, ensureOwner, type UploadLimits } from "@darkroom/db";
import {
  checkHeader,
  costOf,
  type Decoders,
  FileTooLarge,
  ImageInvalid,
  isModelName,
  MAX_PIXELS,
  ModelInvalid,
  mediaType,
  mediaTypeOfHead,
  modelType,
  type ReceivedFile,
  type Storage,
  type StoredFile,
  type StoredImage,
} from "@darkroom/storage";
import busboy from "busboy";
import { z } from "zod";
import { readJson } from "../http/read-json.ts";
import { FetchRefused, fetchPublic } from "../outgoing/fetch-public.ts";

/** The answer of `POST /api/uploads`. */
export interface Upload {
  readonly uploadId: string;
  readonly mimeType: string;
  /** Pixels of a picture; null for everything else. */
  readonly width: number | null;
  readonly height: number | null;
  readonly sizeBytes: number;
}

export interface UploadParts {
  readonly database: Database;
  readonly storage: Storage;
  readonly decoders: Decoders;
  readonly principal: Principal;
  /** Whether `{ "url": … }` is fetched. */
  readonly byUrl: boolean;
  /** A keyed hash of the sender's address; null if it is not known. */
  readonly addressKey: string | null;
  readonly limits: UploadLimits;
  readonly fileLimits: FileLimits;
  /** Which addresses may be fetched from; those of the public internet unless a test says otherwise. */
  readonly isAllowed?: (address: string) => boolean;
  /** How long a sender may be silent, in milliseconds; a minute unless a test says otherwise. */
  readonly silenceMs?: number;
}

/**
 * Takes a file for a job and records whose it is. A picture is checked by decoding it and written anew without metadata:
 * nothing of what was sent is kept. A video or sound is kept as it is, and never read here beyond its first bytes; of a 3D model
 * its structure is looked at, and the description that a glTF carries. Throws `UPLOAD_TOO_LARGE`, `UPLOAD_INVALID`,
 * `QUOTA_EXCEEDED` and, for an address while that is off, `FORBIDDEN`; also DecodersBusy, and what the disk says.
 */
export async function takeUpload(request: IncomingMessage, parts: UploadParts): Promise<Upload> {
  const { database, principal } = parts;
  const isJson = /^application\/json\b/.test(request.headers["content-type"] ?? "");
  const field = isJson ? "url" : "file";
  // A large file may take half an hour, but not half an hour of nothing.
  request.setTimeout(parts.silenceMs ?? 60_000, () => {
    if (!request.complete) request.destroy();
  });
  try {
    const { file, name } = isJson ? await receiveByUrl(request, parts) : await receive(request, parts);
    const { sha256, storageKey, ...facts } = await taken(file, name, parts).finally(file.discard);
    const upload = { uploadId: newId(), ...facts };
    const { ownerId, kind, displayName, apiKeyId = null } = principal;
    await ensureOwner(database, { ownerId, kind: kind === "guest" ? "guest" : "account", displayName });
    const { addressKey, limits } = parts;
    await createUpload(database, { ...upload, ownerId, sha256, storageKey }, { addressKey, apiKeyId, limits });
    return upload;
  } catch (error) {
    throw refusalOf(error, field) ?? error;
  }
}

type Taken = StoredFile & Pick<Upload, "mimeType" | "width" | "height">;

async function taken(received: ReceivedFile, name: string, parts: UploadParts): Promise<Taken> {
  const mimeType = (await mediaType(received.path)) ?? (await modelType(received.path, name));
  if (mimeType === null) return reencode(received, parts);
  return { ...(await received.keep()), mimeType, width: null, height: null };
}

/** The header is looked at here, so that a picture that says it is too large costs no decoder anything. */
async function reencode(
  { path, sizeBytes }: ReceivedFile,
  { storage, decoders, principal }: UploadParts,
): Promise<StoredFile & StoredImage> {
  const { size } = await checkHeader(path);
  const pixels = size === null ? MAX_PIXELS : size.width * size.height;
  const turn = { subject: principal.ownerId, cost: costOf({ pixels, sizeBytes }) };
  const clean = await storage.make((target) => decoders.reencode(path, target, turn));
  try {
    return { ...clean.facts, ...(await clean.keep()) };
  } finally {
    await clean.discard();
  }
}

/** The request's form. `INPUT_INVALID` where its header lacks what is needed to read it. */
function formOf({ headers }: IncomingMessage): ReturnType<typeof busboy> {
  try {
    if (/boundary=(""|;|$)/i.test(headers["content-type"] ?? "")) throw new Error("the boundary is empty");
    return busboy({ headers, limits: { files: 1, fields: 8 } });
  } catch (cause) {
    const fields = [{ path: "content-type", message: "must name the boundary between the form's parts" }];
    throw new DarkroomError("INPUT_INVALID", "The form's content-type names no boundary.", { fields, cause });
  }
}

/** A file that came, and the name that it was sent by: its ending tells formats apart that have no mark of their own. */
interface Received {
  readonly file: ReceivedFile;
  readonly name: string;
}

/** Streams the request's file to a temporary one: the field `file` of a form, or the body itself. */
async function receive(request: IncomingMessage, parts: UploadParts): Promise<Received> {
  const contentType = request.headers["content-type"] ?? "";
  if (!contentType.startsWith("multipart/form-data"))
    return { file: await receiveStream(request, "", parts), name: "" };
  const form = formOf(request);
  return new Promise<Received>((resolve, reject) => {
    let received: Promise<Received> | undefined;
    form.on("file", (field, stream, { filename: name = "" }) => {
      if (field !== "file" || received !== undefined) {
        stream.resume();
        return;
      }
      received = receiveStream(stream, name, parts).then((file) => ({ file, name }));
      // Whatever the reason, the rest of the request is not kept: once it is answered, it is thrown away.
      received.catch((error: unknown) => {
        request.unpipe(form);
        reject(error);
      });
    });
    form.on("error", (error) => reject(invalid("file", "The form could not be read.", error)));
    form.on("close", () => {
      if (received === undefined) reject(invalid("file", "The form has no file.", undefined, "is required"));
      else received.then(resolve, reject);
    });
    request.on("aborted", () => {
      // Ends the file too, which would wait for its rest for ever.
      form.destroy();
      reject(invalid("file", "The upload was broken off."));
    });
    request.pipe(form);
  });
}

/** Bytes that tell what a file is: of a film with a long list of brands in front, too. */
const HEAD_BYTES = 4100;

/** Receives a file within the limit of what its first bytes, or else its name, say that it is. */
function receiveStream(source: AsyncIterable<Uint8Array>, name: string, parts: UploadParts): Promise<ReceivedFile> {
  const { storage, fileLimits } = parts;
  async function* bounded(): AsyncGenerator<Uint8Array> {
    let head = Buffer.alloc(0);
    let sizeBytes = 0;
    let maxBytes = Number.POSITIVE_INFINITY;
    for await (const chunk of source) {
      sizeBytes += chunk.byteLength;
      if (head.length < HEAD_BYTES) {
        head = Buffer.concat([head, chunk]);
        maxBytes = head.length < HEAD_BYTES ? maxBytes : await limitOf(head);
      }
      if (sizeBytes > maxBytes) throw new FileTooLarge(maxBytes);
      yield chunk;
    }
  }
  async function limitOf(head: Uint8Array): Promise<number> {
    const mimeType = (await mediaTypeOfHead(head)) ?? (isModelName(name) ? "model/any" : null);
    return fileLimits[(mimeType === null ? null : mediaOfType(mimeType)) ?? "image"];
  }
  return storage.receive(bounded(), { maxBytes: Math.max(...Object.values(fileLimits)) });
}

const byUrlSchema = z.strictObject({ url: z.string().max(2048) });

async function receiveByUrl(request: IncomingMessage, parts: UploadParts): Promise<Received> {
  const { byUrl, isAllowed } = parts;
  if (!byUrl) {
    const fields = [{ path: "url", message: "is not accepted here" }];
    throw new DarkroomError("FORBIDDEN", "Images by address are switched off here. Upload the file instead.", {
      fields,
    });
  }
  const body = byUrlSchema.safeParse(await readJson(request));
  if (!body.success) throw invalid("url", 'The body must be {"url": "https://…"}.', undefined, "must be an address");
  const stream = await fetchPublic(body.data.url, isAllowed && { isAllowed });
  const { pathname } = new URL(body.data.url);
  return { file: await receiveStream(stream, pathname, parts), name: pathname };
}

const invalid = (path: string, message: string, cause?: unknown, rule = message): DarkroomError =>
  new DarkroomError("UPLOAD_INVALID", message, { fields: [{ path, message: rule }], cause });

/** The refusal for an error that the sender can do something about, with the field it concerns; null for any other. */
function refusalOf(error: unknown, field: string): DarkroomError | null {
  if (error instanceof FileTooLarge) {
    const message = `may have at most ${error.maxBytes / 1024 / 1024} MB`;
    return new DarkroomError("UPLOAD_TOO_LARGE", `A file of this kind ${message}.`, {
      fields: [{ path: field, message }],
    });
  }
  if (error instanceof ImageInvalid || error instanceof ModelInvalid) return invalid(field, error.message, error);
  if (error instanceof FetchRefused)
    return invalid(field, error.message.startsWith("must") ? `The address ${error.message}` : error.message, error);
  return null;
}
