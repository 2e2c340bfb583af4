import type { ComfyClient } from "@darkroom/comfyui";
import { fileExtensionOf, type ImageInput, isImageInput } from "@darkroom/contracts";
import { type Database, outputFile, uploadFile } from "@darkroom/db";
import { FileDamaged, type Storage } from "@darkroom/storage";
import type { Attempt } from "../attempt/attempt.ts";
import type { Ending } from "../attempt/ending.ts";
import { retrying } from "../retry.ts";

interface StoredInput {
  readonly sha256: string;
  readonly storageKey: string;
  readonly mimeType: string;
}

/**
 * Puts the job's pictures, videos and sounds on the backend under the hash of their content, so that a repeated upload changes nothing.
 * Answers parameter → the name that a loading node takes, or which file is missing. Throws what the client, the storage
 * and Postgres throw.
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
    const opened = file === null ? null : await storage.open(file.storageKey);
    if (file === null || opened === null) return { type: "input-missing", parameter };
    const name = `${file.sha256}.${fileExtensionOf(file.mimeType)}`;
    const uploading = client.uploadImage({ name, data: opened, subfolder: "darkroom", overwrite: true });
    const uploaded = await uploading.catch((error: unknown) => {
      if (error instanceof FileDamaged) return null;
      throw error;
    });
    if (uploaded === null) return { type: "input-missing", parameter };
    fileNames[parameter] = uploaded.reference;
  }
  return { type: "uploaded", fileNames };
}

/** Whose it may be was checked when the job was submitted. */
function findInput(database: Database, input: ImageInput): Promise<StoredInput | null> {
  return "uploadId" in input
    ? uploadFile(database, { uploadId: input.uploadId, ownerIds: null })
    : outputFile(database, { outputId: input.outputId, ownerIds: null });
}
