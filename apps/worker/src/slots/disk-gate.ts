import { createCooldown } from "@darkroom/contracts";
import type { Storage } from "@darkroom/storage";
import type { Log } from "../log.ts";

/** Answers whether there is room for the outputs of another job; one for all slots, which says it once a minute. */
export function createDiskGate(parts: {
  readonly storage: Pick<Storage, "freeBytes">;
  readonly minFreeBytes: number;
  readonly log: Log;
}): () => Promise<boolean> {
  const { storage, minFreeBytes, log } = parts;
  const isNews = createCooldown(60_000);
  return async () => {
    const freeBytes = await storage.freeBytes();
    if (freeBytes >= minFreeBytes) return true;
    if (isNews("full")) log.error({ freeBytes }, "too little free space for outputs; taking nothing");
    return false;
  };
}
