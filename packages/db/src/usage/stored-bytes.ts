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

/** The refusal of one who keeps too much. `next`: what to do once there is room. Sizes are in bytes. */
export function storageFull({ used, most, next }: { used: number; most: number; next: string }): DarkroomError {
  const message = `Your pictures and uploads take ${megabytes(used)} of the ${megabytes(most)} MB that you may keep. Remove some, then ${next}.`;
  return new DarkroomError("QUOTA_EXCEEDED", message, { retryAfterSeconds: storageRetrySeconds });
}

export const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);
