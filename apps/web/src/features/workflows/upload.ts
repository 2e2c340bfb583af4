import { type Media, mediaOfType } from "@darkroom/contracts";
import { t, tServer } from "../../language/say.ts";
import { locale } from "../../language/spoken.ts";
import type { FileNote } from "./stored-draft.ts";

export interface Uploaded {
  readonly uploadId: string;
  readonly note: FileNote;
}

/** A picture small enough to keep beside the draft. */
async function thumbnailOf(file: File): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, 240 / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.toDataURL("image/jpeg", 0.8);
}

function messageOf(request: XMLHttpRequest): string {
  try {
    const body: unknown = JSON.parse(request.responseText);
    if (typeof body === "object" && body !== null) {
      if ("message" in body && typeof body.message === "string") return tServer(body.message);
      if ("error" in body && typeof body.error === "object" && body.error !== null && "message" in body.error) {
        return tServer(String(body.error.message));
      }
    }
  } catch {
    // Not JSON: a proxy answered.
  }
  return t`The file could not be uploaded.`;
}

function notAnImage(): never {
  const why = t`This file is not an image that the browser can read.`;
  throw new Error(why);
}

/** A sentence that says that a file is too large, before any of it is sent; null if it may be sent. */
export function sizeProblem(sizeBytes: number, media: Media, maxBytes: number | undefined): string | null {
  if (maxBytes === undefined || sizeBytes <= maxBytes) return null;
  const [is, most] = [megabytes(sizeBytes), megabytes(maxBytes)];
  return {
    image: t`This file has ${is}; a picture may have ${most} at most. Choose a smaller one.`,
    video: t`This file has ${is}; a video may have ${most} at most. Choose a smaller one.`,
    audio: t`This file has ${is}; a sound may have ${most} at most. Choose a smaller one.`,
    "3d": t`This file has ${is}; a 3D model may have ${most} at most. Choose a smaller one.`,
  }[media];
}

const isWords = (): Readonly<Record<Media, string>> => ({
  image: t`This file is a picture.`,
  video: t`This file is a video.`,
  audio: t`This file is a sound.`,
  "3d": t`This file is a 3D model.`,
});

const neededWords = (): Readonly<Record<Media, string>> => ({
  image: t`A picture is needed here.`,
  video: t`A video is needed here.`,
  audio: t`A sound is needed here.`,
  "3d": t`A 3D model is needed here.`,
});

/** A size in megabytes of 1024 × 1024 bytes, as limits are set and as the server words them. */
export function megabytes(bytes: number): string {
  const tenths = Math.ceil((bytes / 1024 ** 2) * 10) / 10;
  return `${tenths.toLocaleString(locale(), { useGrouping: false })} MB`;
}

/**
 * Sends a file; `onProgress` gets percent. Throws an Error whose message is for the person. XMLHttpRequest because
 * fetch does not tell how much was sent.
 */
export async function uploadFile(
  file: File,
  media: Media,
  { onProgress, signal }: { onProgress: (percent: number) => void; signal: AbortSignal },
): Promise<Uploaded> {
  const thumbnail = media === "image" ? await thumbnailOf(file).catch(() => notAnImage()) : null;
  const answer = await new Promise<{ uploadId: string; mimeType: string; width: number | null; height: number | null }>(
    (resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", "/api/uploads");
      request.responseType = "text";
      request.upload.onprogress = (event) => event.lengthComputable && onProgress((event.loaded / event.total) * 100);
      request.onload = () =>
        request.status < 300 ? resolve(JSON.parse(request.responseText)) : reject(new Error(messageOf(request)));
      request.onerror = () => reject(new Error(t`The server can't be reached. Check the connection and try again.`));
      request.onabort = () => reject(new DOMException(t`The upload was stopped.`, "AbortError"));
      signal.addEventListener("abort", () => request.abort());
      const form = new FormData();
      form.append("file", file, file.name);
      request.send(form);
    },
  );
  const is = mediaOfType(answer.mimeType);
  if (is !== null && is !== media) {
    throw new Error(`${isWords()[is]} ${neededWords()[media]}`);
  }
  return {
    uploadId: answer.uploadId,
    note: { name: file.name, width: answer.width, height: answer.height, thumbnail },
  };
}
