import { previewUrl } from "@darkroom/contracts";
import { jpegPreview } from "@darkroom/storage";
import type { Logger } from "pino";
import type { Announcer } from "../announcer.ts";
import type { Attempt } from "../attempt/attempt.ts";

/** The largest preview that is stored, in bytes. */
export const MAX_PREVIEW_BYTES = 64 * 1024;

/** Shows what the sampler sees now: the latest picture wins, at most one at a time and a few a second. */
export interface Previewer {
  /** A picture of any type; what it is, its bytes say, whatever the frame that brought it said. */
  show(image: Buffer): void;
  stop(): void;
}

/** `intervalMs` is the least time between two previews. */
export function createPreviewer(
  attempt: Attempt,
  { announcer, intervalMs, log }: { announcer: Announcer; intervalMs: number; log: Logger },
): Previewer {
  const { jobId, ownerId, attempt: number } = attempt.job;
  let latest: Buffer | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isBusy = false;
  let isStopped = false;

  const send = async (): Promise<void> => {
    const image = latest;
    latest = null;
    if (image === null) return;
    isBusy = true;
    let pacedFrom = performance.now();
    try {
      const isReady = isJpeg(image) && image.length <= MAX_PREVIEW_BYTES;
      const jpeg = isReady ? image : await jpegPreview(image, { maxBytes: MAX_PREVIEW_BYTES });
      if (!isStopped && (await announcer.preview(jobId, jpeg, { attempt: number })) && !isStopped) {
        // Not from when this one began: one that took long to store would be followed by the next too soon.
        pacedFrom = performance.now();
        announcer.transient({
          ownerId,
          event: {
            type: "job.previewed",
            jobId,
            version: attempt.version,
            attempt: number,
            at: new Date().toISOString(),
            url: previewUrl(jobId, Date.now()),
          },
        });
      }
    } catch (error) {
      log.debug({ err: error }, "a preview could not be read");
    }
    if (isStopped) return;
    timer = setTimeout(
      () => {
        timer = null;
        isBusy = false;
        void send();
      },
      Math.max(0, intervalMs - (performance.now() - pacedFrom)),
    );
  };

  return {
    show: (image) => {
      if (isStopped) return;
      latest = image;
      if (!isBusy) void send();
    },
    stop: () => {
      isStopped = true;
      latest = null;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

const isJpeg = (image: Buffer): boolean => image.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));
