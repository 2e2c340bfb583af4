import type { ComfyClient } from "@darkroom/comfyui";
import { BLANK_PICTURE, fileExtensionOf, type ImageInput, isImageInput, mediaOfType } from "@darkroom/contracts";
import { type Database, outputFile, uploadFile } from "@darkroom/db";
import { FileDamaged, type Storage } from "@darkroom/storage";
import type { Attempt } from "../attempt/attempt.ts";
import type { Ending } from "../attempt/ending.ts";
import { retrying } from "../retry.ts";

interface StoredInput {
  readonly sha256: string;
  readonly storageKey: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}

/** What every ComfyUI takes: a file of that size is sent without asking how large it may be. */
const SURE_BYTES = 50 * 1024 ** 2;
/** The form around a file counts, too. */
const FORM_BYTES = 4096;

/** One black pixel, as a PNG: see `BLANK_PICTURE`. */
const blankPicture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC",
  "base64",
);

/**
 * Puts the job's pictures, videos, sounds and 3D models on the backend under the hash of their content, so that a repeated
 * upload changes nothing. Answers parameter → the name that a loading node takes, or which file is missing or too large.
 * Files are missing from the answer if the attempt is asked to end meanwhile. Throws what the client, the storage and Postgres
 * throw, and an AbortError where the attempt is stopped.
 */
export async function uploadInputs(
  attempt: Attempt,
  { client, database, storage }: { client: ComfyClient; database: Database; storage: Storage },
): Promise<{ readonly type: "uploaded"; readonly fileNames: Readonly<Record<string, string>> } | Ending> {
  const fileNames: Record<string, string> = {};
  for (const [parameter, value] of Object.entries(attempt.job.inputs)) {
    if (!isImageInput(value)) continue;
    attempt.signal.throwIfAborted();
    const file = await retrying(() => findInput(database, value));
    if (file === null) return { type: "input-missing", parameter };
    const maxBytes = file.sizeBytes > SURE_BYTES ? await client.maxUploadBytes() : null;
    if (maxBytes !== null && file.sizeBytes + FORM_BYTES > maxBytes) {
      return { type: "input-too-large", parameter, maxBytes };
    }
    // ComfyUI's loaders of 3D models list what is below input/3d, and take nothing else.
    const is3d = mediaOfType(file.mimeType) === "3d";
    if (is3d) await putBlankPicture(client);
    const opened = await storage.open(file.storageKey);
    if (opened === null) return { type: "input-missing", parameter };
    const name = `${file.sha256}.${fileExtensionOf(file.mimeType)}`;
    const subfolder = is3d ? "3d/darkroom" : "darkroom";
    const data = { stream: whileWanted(attempt, opened.stream), sizeBytes: opened.sizeBytes };
    const uploaded = await client.uploadImage({ name, data, subfolder }).catch((error: unknown) => {
      if (error instanceof FileDamaged) return null;
      if (error === unwanted) return "unwanted" as const;
      throw error;
    });
    // Whoever asked for the files asks next what the attempt was asked to do, before anything is dispatched.
    if (uploaded === "unwanted") break;
    if (uploaded === null) return { type: "input-missing", parameter };
    fileNames[parameter] = uploaded.reference;
  }
  return { type: "uploaded", fileNames };
}

const unwanted = new Error("the attempt was asked to end");

/** A large file on a slow line takes minutes, which nobody waits for once the job is canceled or its worker is to stop. */
async function* whileWanted(attempt: Attempt, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    attempt.signal.throwIfAborted();
    if (attempt.asked !== null) throw unwanted;
    yield chunk;
  }
}

async function putBlankPicture(client: ComfyClient): Promise<void> {
  const [subfolder = "", name = ""] = BLANK_PICTURE.split("/");
  await client.uploadImage({ name, data: blankPicture, subfolder });
}

/** Whose it may be was checked when the job was submitted. */
function findInput(database: Database, input: ImageInput): Promise<StoredInput | null> {
  return "uploadId" in input
    ? uploadFile(database, { uploadId: input.uploadId, ownerIds: null })
    : outputFile(database, { outputId: input.outputId, ownerIds: null });
}
