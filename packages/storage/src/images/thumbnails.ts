import type { OpenedFile, Storage, StoredFile } from "../storage.ts";
import { costOf } from "./decoder-turns.ts";
import type { Decoders } from "./decoders.ts";
import { type ThumbnailRequest, thumbnailKeyOf } from "./thumbnail.ts";

/** A stored picture of which smaller copies are made. */
export interface Original {
  readonly storageKey: string;
  readonly sizeBytes: number;
  /** Pixels; null if they are not known. */
  readonly width: number | null;
  readonly height: number | null;
}

/** Smaller copies of stored pictures. */
export interface Thumbnails {
  /**
   * A copy, made at the first call and kept beside the original; null if that is gone. `subject` is whose turn it takes
   * to make one. Throws ImageInvalid and DecodersBusy.
   */
  open(original: Original, request: ThumbnailRequest, subject: string): Promise<OpenedFile | null>;
}

export function createThumbnails(storage: Storage, decoders: Decoders): Thumbnails {
  /** By key: whoever asks for a copy that is being made waits for that one. */
  const making = new Map<string, Promise<StoredFile | null>>();

  async function make(original: Original, request: ThumbnailRequest, subject: string): Promise<StoredFile | null> {
    const { storageKey, sizeBytes, width, height } = original;
    const turn = { subject, cost: costOf({ pixels: (width ?? 0) * (height ?? 0), sizeBytes }) };
    return storage.withFile(storageKey, async (path) => {
      const copy = await storage.make((target) => decoders.thumbnail(path, target, request, turn));
      try {
        return await copy.keep(thumbnailKeyOf(storageKey, request));
      } finally {
        await copy.discard();
      }
    });
  }

  return {
    async open(original, request, subject) {
      const key = thumbnailKeyOf(original.storageKey, request);
      const made = await storage.open(key);
      if (made !== null) return made;
      const copy = making.get(key) ?? make(original, request, subject);
      making.set(key, copy);
      const kept = await copy.finally(() => making.delete(key));
      return kept === null ? null : storage.open(key);
    },
  };
}
