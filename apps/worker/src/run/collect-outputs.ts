import { type ComfyClient, type ComfyFile, ComfyProtocolError, type HistoryEntry } from "@darkroom/comfyui";
import { failpoint, newId } from "@darkroom/contracts";
import { createOutput, type Database, type NewOutput } from "@darkroom/db";
import {
  describeFile,
  type FileFacts,
  FileTooLarge,
  ImageInvalid,
  makeThumbnail,
  type ReceivedFile,
  type Storage,
  thumbnailKeyOf,
} from "@darkroom/storage";
import type { Announcer } from "../announcer.ts";
import { type Attempt, LeaseLost } from "../attempt/attempt.ts";
import { OutputGone, OutputInvalid } from "../attempt/outcome.ts";
import { retrying } from "../retry.ts";
import { type Produced, producedBy } from "./produced-files.ts";

/** The largest output that is stored, in bytes. */
const MAX_OUTPUT_BYTES = 2 * 1024 ** 3;

interface CollectParts {
  readonly client: Pick<ComfyClient, "view">;
  readonly database: Database;
  readonly storage: Storage;
  readonly announcer: Announcer;
  /** The files may be gone already: the prompt ended under an earlier attempt. */
  readonly adopted: boolean;
}

/**
 * Stores what the workflow's output nodes produced, each with an event of its own, in the order of the nodes.
 * Throws {@link OutputInvalid}, {@link OutputGone}, LeaseLost, or the reason of the attempt's abort.
 */
export async function collectOutputs(attempt: Attempt, entry: HistoryEntry, parts: CollectParts): Promise<void> {
  for (const [ordinal, produced] of producedBy(attempt.job.definition, entry).entries()) {
    attempt.signal.throwIfAborted();
    await collectOne(attempt, produced, ordinal, parts);
  }
}

async function collectOne(attempt: Attempt, produced: Produced, ordinal: number, parts: CollectParts): Promise<void> {
  const { database, announcer } = parts;
  const { jobId, attempt: number, seed } = attempt.job;
  const stored = await storeProduced(produced, parts);
  // Outside the retried call: a repeat after an unknown commit must name the same output.
  const output: NewOutput = { outputId: newId(), ...stored, seed };
  const events = await retrying(() => createOutput(database, { jobId, attempt: number, ordinal, output }));
  if (events === null) throw new LeaseLost("the output was refused");
  await failpoint("collect.recorded");
  attempt.record(events);
  announcer.events(events);
}

/** Receives, inspects and keeps one output: nothing is stored that could not be shown. */
export async function storeProduced(
  produced: Produced,
  parts: Pick<CollectParts, "client" | "storage" | "adopted">,
): Promise<Omit<NewOutput, "outputId" | "seed">> {
  const { storage } = parts;
  const received =
    produced.type === "file"
      ? await download(produced.file, parts)
      : await storage.receive([Buffer.from(produced.text)], { maxBytes: MAX_OUTPUT_BYTES });
  try {
    await failpoint("collect.stored");
    const { facts, thumbnail } = await inspect(storage, produced, received);
    await failpoint("collect.inspected");
    const stored = await received.keep();
    await thumbnail?.keep(thumbnailKeyOf(stored.storageKey, posterOf));
    return { ...stored, ...facts };
  } finally {
    await received.discard();
  }
}

async function download(
  file: ComfyFile,
  { client, storage, adopted }: Pick<CollectParts, "client" | "storage" | "adopted">,
): Promise<ReceivedFile> {
  const name = file.filename;
  try {
    const { body, sizeBytes } = await client.view(file);
    const received = await storage.receive(body, { maxBytes: MAX_OUTPUT_BYTES });
    if (received.sizeBytes > 0 && (sizeBytes === null || sizeBytes === received.sizeBytes)) return received;
    await received.discard();
    if (received.sizeBytes === 0) throw new OutputInvalid(`ComfyUI's file ${name} is empty.`);
    throw new OutputInvalid(`ComfyUI's file ${name} was cut short: ${received.sizeBytes} of ${sizeBytes} bytes.`);
  } catch (error) {
    if (error instanceof FileTooLarge) throw new OutputInvalid(`ComfyUI's file ${name} is larger than 2 GB.`);
    if (error instanceof ComfyProtocolError && error.status === 404) {
      if (adopted) throw new OutputGone(name, { cause: error });
      throw new OutputInvalid(`ComfyUI reported success, but its file ${name} is not there.`, { cause: error });
    }
    throw error;
  }
}

/** What lists show of a picture. */
const posterOf = { width: 384, format: "webp" } as const;

async function inspect(
  storage: Storage,
  produced: Produced,
  { path }: ReceivedFile,
): Promise<{ facts: FileFacts; thumbnail: ReceivedFile | null }> {
  if (produced.type === "text")
    return {
      facts: { kind: "text", mimeType: "text/plain; charset=utf-8", width: null, height: null },
      thumbnail: null,
    };
  const { filename, kind } = produced.file;
  try {
    const facts = await describeFile(path, filename);
    // What a proxy says instead of a film is text. What has no mark that we know may be whole all the same.
    if (facts.kind === "text" && kind !== "text" && kind !== "file" && kind !== "model")
      throw new ImageInvalid("It is text.");
    if (facts.kind !== "image" && facts.kind !== "animation") return { facts, thumbnail: null };
    // This decodes the picture to its end, so a damaged one is found here and not by its owner.
    return { facts, thumbnail: await makeThumbnail(storage, path, posterOf) };
  } catch (error) {
    if (isDiskError(error)) throw error;
    const reason = error instanceof ImageInvalid ? error.message : "It is damaged.";
    throw new OutputInvalid(`ComfyUI's file ${filename} cannot be read. ${reason}`, { cause: error });
  }
}

const isDiskError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("E");
