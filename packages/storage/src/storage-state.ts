import { withDeadline } from "@darkroom/contracts";
import type { Storage } from "./storage.ts";

/** Whether a new file can be stored: `full` where that would take from the reserve, `away` where it cannot. */
export type StorageState = "ok" | "full" | "away";

/** Probes come every few seconds, from several places; a bucket is paid for by the request. */
const ASK_EVERY_MS = 5000;

const ANSWERS_WITHIN_MS = 1000;

/** Tells the state of a storage to whoever asks, and asks the storage at most every five seconds. */
export function createStorageState(
  storage: Pick<Storage, "freeBytes" | "check">,
  { reserveBytes }: { readonly reserveBytes: number },
): () => Promise<StorageState> {
  let asked: Promise<StorageState> = Promise.resolve("ok");
  let againAt = 0;

  async function ask(): Promise<StorageState> {
    if ((await storage.freeBytes()) < reserveBytes) return "full";
    await storage.check();
    return "ok";
  }

  return () => {
    if (performance.now() < againAt) return asked;
    againAt = performance.now() + ASK_EVERY_MS;
    asked = withDeadline(ask(), ANSWERS_WITHIN_MS, () => "away" as const).catch(() => "away");
    return asked;
  };
}
