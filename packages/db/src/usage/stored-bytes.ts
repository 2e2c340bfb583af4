import { DarkroomError } from "@darkroom/contracts";
import { step } from "../postgres/steps.ts";
import type { Transaction } from "../postgres/transaction.ts";

/** Nobody knows when somebody makes room; this is often enough to ask again. */
export const storageRetrySeconds = 3600;

/** How many bytes are kept of a person, with the guests that were linked to the account (`stored-bytes.sql`). */
export async function readStoredBytes(tx: Transaction, ownerId: string): Promise<number> {
  const [{ bytes }] = await tx<[{ bytes: number }]>`SELECT ${step(tx, "stored_bytes")}(${ownerId})::float8 AS bytes`;
  return bytes;
}

/** The refusal of one who keeps too much; sizes are in bytes. `refused`: what is not taken until there is room. */
export function storageFull(
  { used, most }: { readonly used: number; readonly most: number },
  refused: "job" | "file",
): DarkroomError {
  const [usedMb, mostMb] = [megabytes(used), megabytes(most)];
  const message =
    refused === "job"
      ? `Your pictures and uploads take ${usedMb} of the ${mostMb} MB that you may keep. Remove some, then submit again.`
      : `Your pictures and uploads take ${usedMb} of the ${mostMb} MB that you may keep. Remove some, then send this one again.`;
  return new DarkroomError("QUOTA_EXCEEDED", message, { retryAfterSeconds: storageRetrySeconds });
}

export const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);
