import { backoffMs, createCooldown } from "@darkroom/contracts";
import { isDiskFull, isStorageOutage, type Storage } from "@darkroom/storage";
import type { Logger } from "pino";
import type { Attempt } from "./attempt/attempt.ts";

/** Keeps jobs away while their outputs could not be stored, and lets what runs wait with its outputs. */
export interface StorageGate {
  /** False while outputs cannot be stored: nothing may be taken. Asks the storage, but not more often than its back-off allows. */
  isOpen(): Promise<boolean>;
  /** Somebody could not store or read a file just now. Other errors change nothing. */
  failed(error: unknown): void;
  /**
   * What `store` answers, which is called again until the storage can take it. Null if it cannot and the attempt's owner
   * cancels. Throws
   * what `store` throws of anything else, and the AbortError of the attempt's signal.
   */
  untilStored<Stored>(attempt: Attempt, store: () => Promise<Stored>): Promise<Stored | null>;
}

/** Between two tries while the storage fails: an outage mostly ends within the minute, or lasts. */
const pause = { firstMs: 500, maxMs: 15_000 };

/** A cause that lasts is logged this often, for a log of a full disk may be on that disk. */
const SAY_EVERY_MS = 60_000;

export function createStorageGate({
  storage,
  minFreeBytes,
  log,
}: {
  readonly storage: Pick<Storage, "freeBytes" | "check">;
  /** Free space below which nothing is taken. */
  readonly minFreeBytes: number;
  readonly log: Logger;
}): StorageGate {
  const isNews = createCooldown(SAY_EVERY_MS);
  /** Failures in a row; 0 while all is well. */
  let failures = 0;
  let againAt = 0;

  function say(cause: string, facts: Readonly<Record<string, unknown>>): void {
    if (isNews(cause)) log.error(facts, `${cause}; nothing is taken until outputs can be stored again`);
  }

  function shut(error: unknown): void {
    // Several attempts may find out the same at once: that is one failure, not several.
    if (performance.now() < againAt) return;
    // At least half of the bound: an outage is not asked about again at once.
    againAt = performance.now() + pause.firstMs / 2 + backoffMs(failures, pause);
    failures += 1;
    say(isDiskFull(error) ? "the disk is full" : "the storage does not answer", { err: error });
  }

  const failed = (error: unknown): void => {
    if (isStorageOutage(error)) shut(error);
  };

  return {
    failed,

    isOpen: async () => {
      const freeBytes = await storage.freeBytes();
      if (freeBytes < minFreeBytes) {
        say("too little free space for outputs", { freeBytes });
        return false;
      }
      if (failures === 0) return true;
      if (performance.now() < againAt) return false;
      try {
        await storage.check();
      } catch (error) {
        // Also of settings that were good when this process began: a key that ran out, a bucket or folder that was taken away.
        shut(error);
        return false;
      }
      failures = 0;
      log.info("outputs can be stored again");
      return true;
    },

    untilStored: async (attempt, store) => {
      for (;;) {
        attempt.signal.throwIfAborted();
        try {
          return await store();
        } catch (error) {
          if (!isStorageOutage(error)) throw error;
          failed(error);
          // Only now: a run that had ended before its cancel came keeps what it made, if that can be stored.
          if (attempt.asked === "cancel") return null;
          await attempt.wakeup.wait(Math.max(1, againAt - performance.now()));
        }
      }
    },
  };
}
