import { type ComfyClient, type ComfyFile, ComfyProtocolError, type HistoryEntry } from "@darkroom/comfyui";
import { failpoint, newId, type OutputKind } from "@darkroom/contracts";
import { createOutput, type Database, type NewOutput } from "@darkroom/db";
import { FileTooLarge, ImageInvalid, inspectImage, type Storage, type StoredFile, thumbnail } from "@darkroom/storage";
import type { Announcer } from "./announcer.ts";
import { type Attempt, LeaseLost } from "./attempt.ts";
import { OutputGone, OutputInvalid } from "./outcome.ts";
import { retrying } from "./retrying.ts";

/** The largest output that is stored, in bytes. */
export const MAX_OUTPUT_BYTES = 2 * 1024 ** 3;

const mimeTypes: Readonly<Record<string, string>> = {
  mp4: "video/mp4",
  webm: "video/webm",
  mov: "video/quicktime",
  flac: "audio/flac",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  opus: "audio/ogg",
  ogg: "audio/ogg",
  glb: "model/gltf-binary",
  txt: "text/plain; charset=utf-8",
  json: "application/json",
};

interface CollectParts {
  readonly client: ComfyClient;
  readonly database: Database;
  readonly storage: Storage;
  readonly announcer: Announcer;
  /** The files may be gone already: the prompt ended under an earlier attempt. */
  readonly adopted: boolean;
}

/**
 * Stores the files of the workflow's output nodes, each with an event of its own, in the order of the nodes.
 * Throws {@link OutputInvalid}, {@link OutputGone}, LeaseLost, or the reason of the attempt's abort.
 */
export async function collectOutputs(attempt: Attempt, entry: HistoryEntry, parts: CollectParts): Promise<void> {
  let ordinal = 0;
  for (const nodeId of attempt.job.definition.outputs) {
    const files = entry.outputs.filter((file) => isOf(file, nodeId));
    // Success does not prove that every output node produced something: its input may have been blocked.
    if (files.length === 0) {
      const title = attempt.job.definition.graph[nodeId]?._meta?.title ?? nodeId;
      throw new OutputInvalid(`ComfyUI reported success, but "${title}" produced no file.`);
    }
    for (const file of files) {
      attempt.signal.throwIfAborted();
      await collectOne(attempt, file, ordinal, parts);
      ordinal += 1;
    }
  }
}

/** Also true for the nodes that an expanded subgraph put in the node's place (`2.0.0.1`). */
const isOf = (file: ComfyFile, nodeId: string): boolean =>
  file.nodeId === nodeId || file.nodeId.startsWith(`${nodeId}.`);

async function collectOne(attempt: Attempt, file: ComfyFile, ordinal: number, parts: CollectParts): Promise<void> {
  const { database, storage, announcer } = parts;
  const { jobId, attempt: number, seed } = attempt.job;
  const stored = await download(file, parts);
  await failpoint("collect.stored");
  const facts = await inspect(storage, file, stored);
  await failpoint("collect.inspected");
  // Outside the retried call: a repeat after an unknown commit must name the same output.
  const output: NewOutput = { outputId: newId(), ...stored, ...facts, seed };
  const events = await retrying(() => createOutput(database, { jobId, attempt: number, ordinal, output }));
  if (events === null) throw new LeaseLost("the output was refused");
  await failpoint("collect.recorded");
  attempt.record(events);
  announcer.events(events);
}

async function download(file: ComfyFile, { client, storage, adopted }: CollectParts): Promise<StoredFile> {
  const name = file.filename;
  try {
    const { body, sizeBytes } = await client.view(file);
    const stored = await storage.put(body, { maxBytes: MAX_OUTPUT_BYTES });
    if (stored.sizeBytes === 0) throw new OutputInvalid(`ComfyUI's file ${name} is empty.`);
    if (sizeBytes !== null && sizeBytes !== stored.sizeBytes)
      throw new OutputInvalid(`ComfyUI's file ${name} was cut short: ${stored.sizeBytes} of ${sizeBytes} bytes.`);
    return stored;
  } catch (error) {
    if (error instanceof FileTooLarge) throw new OutputInvalid(`ComfyUI's file ${name} is larger than 2 GB.`);
    if (error instanceof ComfyProtocolError && error.status === 404) {
      if (adopted) throw new OutputGone(name, { cause: error });
      throw new OutputInvalid(`ComfyUI reported success, but its file ${name} is not there.`, { cause: error });
    }
    throw error;
  }
}

type Facts = Pick<NewOutput, "kind" | "mimeType" | "width" | "height">;

async function inspect(storage: Storage, file: ComfyFile, { storageKey }: StoredFile): Promise<Facts> {
  const extension = file.filename.slice(file.filename.lastIndexOf(".") + 1).toLowerCase();
  if (file.kind !== "image") {
    const kind: OutputKind = file.kind;
    return { kind, mimeType: mimeTypes[extension] ?? "application/octet-stream", width: null, height: null };
  }
  // What sharp cannot decode may be whole all the same.
  if (extension === "exr" || extension === "bmp")
    return { kind: "file", mimeType: "application/octet-stream", width: null, height: null };
  try {
    const { mimeType, width, height, pages } = await inspectImage(storage.path(storageKey));
    // Making the thumbnail decodes the picture to its end, so a damaged one is found here and not by its owner.
    await thumbnail(storage, storageKey, { width: 384, format: "webp" });
    return { kind: pages > 1 ? "animation" : "image", mimeType, width, height };
  } catch (error) {
    if (isDiskError(error)) throw error;
    const reason = error instanceof ImageInvalid ? error.message : "It is damaged.";
    throw new OutputInvalid(`ComfyUI's picture ${file.filename} cannot be read. ${reason}`, { cause: error });
  }
}

const isDiskError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("E");
