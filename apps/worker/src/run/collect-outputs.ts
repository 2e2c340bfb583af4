import { type ComfyClient, type ComfyFile, ComfyProtocolError } from "@darkroom/comfyui";
import { failpoint, type MissingOutput, newId } from "@darkroom/contracts";
import { createOutput, type Database, type NewOutput } from "@darkroom/db";
import {
  describeFile,
  type FileFacts,
  FileTooLarge,
  ImageInvalid,
  isStorageOutage,
  type ReceivedFile,
  type Storage,
  storageKeyOf,
  thumbnailKeyOf,
  thumbnailOf,
} from "@darkroom/storage";
import type { Announcer } from "../announcer.ts";
import type { Attempt } from "../attempt/attempt.ts";
import type { Ending, Finished, OutputFault } from "../attempt/ending.ts";
import { retrying } from "../retry.ts";
import type { StorageGate } from "../storage-gate.ts";
import { type Produced, producedBy } from "./produced-files.ts";

/** The largest output that is stored, in bytes. */
const MAX_OUTPUT_BYTES = 2 * 1024 ** 3;

interface CollectParts {
  readonly client: Pick<ComfyClient, "view">;
  readonly database: Database;
  readonly storage: Storage;
  readonly storageGate: Pick<StorageGate, "untilStored">;
  readonly announcer: Announcer;
  /** Resolves once the stages that were entered are written: the event of an output comes after theirs. */
  readonly stagesWritten: () => Promise<void>;
  /** The files may be gone already: the prompt ended under an earlier attempt. */
  readonly adopted: boolean;
}

/** What is stored of an output. */
export type StoredOutput = Omit<NewOutput, "outputId" | "seed">;

/**
 * Stores what the workflow's output nodes produced, each with an event of its own, in the order of the nodes: `succeeded` when
 * all of it is stored, also if some of the nodes made nothing. While the storage is full or away it waits. Throws what the client, the storage and Postgres throw, and the AbortError of the attempt's signal.
 */
export async function collectOutputs(attempt: Attempt, finished: Finished, parts: CollectParts): Promise<Ending> {
  const { produced, missing } = producedBy(attempt.job.definition, finished.entry, finished.blocked);
  if (produced.length === 0) return nothingMade(missing);
  for (const [ordinal, one] of produced.entries()) {
    attempt.signal.throwIfAborted();
    const ending = await collectOne(attempt, one, ordinal, parts);
    if (ending !== null) return ending;
  }
  return { type: "succeeded", missing };
}

/** Not worth another try: the same nodes would be blocked again. */
function nothingMade(missing: readonly MissingOutput[]): Ending {
  const nodes = missing.map(({ nodeTitle, message }) => `"${nodeTitle}": ${message}`).join(" ");
  return {
    type: "no-output",
    message: `ComfyUI reported success, but the workflow made nothing. ${nodes}`.slice(0, 1000),
  };
}

/** Null once it is stored. */
async function collectOne(
  attempt: Attempt,
  produced: Produced,
  ordinal: number,
  parts: CollectParts,
): Promise<Ending | null> {
  const { database, announcer } = parts;
  const { jobId, attempt: number, seed } = attempt.job;
  // ComfyUI may forget the file, and rendering it again costs more than a slot that waits.
  const stored = await parts.storageGate.untilStored(attempt, () => storeProduced(produced, parts));
  if (stored === null) return { type: "canceled", stopped: null };
  if ("type" in stored) return stored;
  await parts.stagesWritten();
  attempt.signal.throwIfAborted();
  // Outside the retried call: a repeat after an unknown commit must name the same output.
  const output: NewOutput = { outputId: newId(), ...stored, seed };
  const events = await retrying(() => createOutput(database, { jobId, attempt: number, ordinal, output }));
  if (events === null) return { type: "lease-lost", why: "the output was refused" };
  await failpoint("collect.recorded");
  attempt.record(events);
  announcer.events(events);
  return null;
}

/** Receives, inspects and keeps one output: nothing is stored that could not be shown. */
export async function storeProduced(
  produced: Produced,
  parts: Pick<CollectParts, "client" | "storage" | "adopted">,
): Promise<StoredOutput | OutputFault> {
  const { storage } = parts;
  const received =
    produced.type === "file"
      ? await download(produced.file, parts)
      : await storage.receive([Buffer.from(produced.text)], { maxBytes: MAX_OUTPUT_BYTES });
  if ("type" in received) return received;
  try {
    await failpoint("collect.stored");
    const inspected = await inspect(storage, produced, received);
    if ("type" in inspected) return inspected;
    await failpoint("collect.inspected");
    // Both are flushed at once. Of a picture that then has no row, for the other could not be kept, nothing is ever shown.
    const poster = thumbnailKeyOf(storageKeyOf(received.sha256), posterOf);
    const kept = [received.keep(), inspected.thumbnail?.keep(poster)] as const;
    // Where one cannot be kept the other may still be read from its file, which goes only then.
    await Promise.allSettled(kept);
    await inspected.thumbnail?.discard();
    const [stored] = await Promise.all(kept);
    return { ...stored, ...inspected.facts };
  } finally {
    await received.discard();
  }
}

const invalid = (message: string, error?: unknown): OutputFault => ({ type: "output-invalid", message, error });

async function download(
  file: ComfyFile,
  { client, storage, adopted }: Pick<CollectParts, "client" | "storage" | "adopted">,
): Promise<ReceivedFile | OutputFault> {
  const name = file.filename;
  try {
    const { body, sizeBytes } = await client.view(file);
    const received = await storage.receive(body, { maxBytes: MAX_OUTPUT_BYTES });
    if (received.sizeBytes > 0 && (sizeBytes === null || sizeBytes === received.sizeBytes)) return received;
    await received.discard();
    return received.sizeBytes === 0
      ? invalid(`ComfyUI's file ${name} is empty.`)
      : invalid(`ComfyUI's file ${name} was cut short: ${received.sizeBytes} of ${sizeBytes} bytes.`);
  } catch (error) {
    if (error instanceof FileTooLarge) return invalid(`ComfyUI's file ${name} is larger than 2 GB.`);
    if (!(error instanceof ComfyProtocolError) || error.status !== 404) throw error;
    if (adopted) return { type: "output-gone" };
    return invalid(`ComfyUI reported success, but its file ${name} is not there.`, error);
  }
}

/** What lists show of a picture. */
const posterOf = { width: 384, format: "webp" } as const;

async function inspect(
  storage: Storage,
  produced: Produced,
  { path }: ReceivedFile,
): Promise<{ facts: FileFacts; thumbnail: ReceivedFile | null } | OutputFault> {
  if (produced.type === "text")
    return {
      facts: { kind: "text", mimeType: "text/plain; charset=utf-8", width: null, height: null },
      thumbnail: null,
    };
  const { filename, kind } = produced.file;
  try {
    const facts = await describeFile(path, filename);
    // A proxy's error page in place of a film is text. A file of a kind that we cannot tell may be whole all the same.
    if (facts.kind === "text" && kind !== "text" && kind !== "file" && kind !== "model")
      throw new ImageInvalid("It is text.");
    if (facts.kind !== "image" && facts.kind !== "animation") return { facts, thumbnail: null };
    // This decodes the picture to its end, so a damaged one is found here and not by its owner.
    const poster = await thumbnailOf(path, posterOf);
    return { facts, thumbnail: await storage.receive([poster], { maxBytes: MAX_OUTPUT_BYTES }) };
  } catch (error) {
    if (isDiskError(error) || isStorageOutage(error)) throw error;
    const reason = error instanceof ImageInvalid ? error.message : "It is damaged.";
    return invalid(`ComfyUI's file ${filename} cannot be read. ${reason}`, error);
  }
}

const isDiskError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("E");
