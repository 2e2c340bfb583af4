import type { IncomingMessage } from "node:http";
import { DarkroomError, newId, type Principal } from "@darkroom/contracts";
import { createUpload, type Database, ensureOwner } from "@darkroom/db";
import { FileTooLarge, ImageInvalid, inspectImage, reencodeImage, type Storage } from "@darkroom/storage";
import busboy from "busboy";

export const MAX_UPLOAD_BYTES = 20 * 1024 * 1024;

/** The answer of `POST /api/uploads`. */
export interface Upload {
  readonly uploadId: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

/** Streams the request's image to storage: the field `file` of a form, or the body itself. */
async function receive(request: IncomingMessage, storage: Storage): Promise<string> {
  const contentType = request.headers["content-type"] ?? "";
  if (!contentType.startsWith("multipart/form-data")) {
    return (await storage.put(request, { maxBytes: MAX_UPLOAD_BYTES })).storageKey;
  }
  const form = busboy({ headers: request.headers, limits: { files: 1, fields: 8, fileSize: MAX_UPLOAD_BYTES + 1 } });
  return new Promise<string>((resolve, reject) => {
    let stored: Promise<string> | undefined;
    form.on("file", (name, stream) => {
      if (name !== "file" || stored !== undefined) {
        stream.resume();
        return;
      }
      stored = storage.put(stream, { maxBytes: MAX_UPLOAD_BYTES }).then(({ storageKey }) => storageKey);
      stored.catch(reject);
    });
    form.on("error", (error) =>
      reject(new DarkroomError("UPLOAD_INVALID", "The form could not be read.", { cause: error })),
    );
    form.on("close", () => {
      const missing = [{ path: "file", message: "is required" }];
      if (stored === undefined)
        reject(new DarkroomError("UPLOAD_INVALID", "The form has no file.", { fields: missing }));
      else stored.then(resolve, reject);
    });
    request.on("aborted", () => reject(new DarkroomError("UPLOAD_INVALID", "The upload was broken off.")));
    request.pipe(form);
  });
}

/**
 * Takes an image: checks it by decoding it, writes it anew as PNG without metadata, and records whose it is.
 * Throws `UPLOAD_TOO_LARGE` and `UPLOAD_INVALID`.
 */
export async function takeUpload(
  request: IncomingMessage,
  { database, storage, principal }: { database: Database; storage: Storage; principal: Principal },
): Promise<Upload> {
  try {
    const received = storage.path(await receive(request, storage));
    await inspectImage(received);
    const image = await reencodeImage(received);
    const file = await storage.put([image.data], { maxBytes: Number.MAX_SAFE_INTEGER });
    const upload = {
      uploadId: newId(),
      mimeType: "image/png",
      width: image.width,
      height: image.height,
      sizeBytes: file.sizeBytes,
    };
    const { ownerId, kind, displayName } = principal;
    await ensureOwner(database, { ownerId, kind: kind === "guest" ? "guest" : "account", displayName });
    await createUpload(database, { ...upload, ownerId, sha256: file.sha256, storageKey: file.storageKey });
    return upload;
  } catch (error) {
    if (error instanceof FileTooLarge) {
      throw new DarkroomError("UPLOAD_TOO_LARGE", `Images may have at most ${MAX_UPLOAD_BYTES / 1024 / 1024} MB.`);
    }
    if (error instanceof ImageInvalid) {
      throw new DarkroomError("UPLOAD_INVALID", error.message, { fields: [{ path: "file", message: error.message }] });
    }
    throw error;
  }
}
