import { setPriority } from "node:os";
import sharp from "sharp";
import type { DecoderAnswer, DecoderTask } from "./decoder-protocol.ts";
import { ImageInvalid, reencodeImage } from "./image.ts";
import { makeThumbnail } from "./thumbnail.ts";

// A process that decodes one picture after the other for another process. Whatever a picture does to a decoder, it does it
// here: memory, time and crashes end with this process, and the one that answers people goes on.

/** How often memory is looked at while a picture is decoded. */
const WATCH_MS = 20;

/** More than any picture within the limits takes; see `docs/decisions/0019-pictures-are-decoded-elsewhere.md`. */
const maxBytes = Number(process.argv[2]);

// Whoever waits for an answer that needs no picture goes first.
setPriority(10);
sharp.concurrency(1);

const reply = (answer: DecoderAnswer): Promise<void> =>
  new Promise((resolve) => process.send?.(answer, undefined, undefined, () => resolve()));
const end = (): void => void process.kill(process.pid, "SIGKILL");

process.on("message", (task: DecoderTask) => {
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() <= maxBytes) return;
    clearInterval(watch);
    // An orderly exit would wait for the thread that decodes.
    void reply({ type: "exhausted" }).then(end);
  }, WATCH_MS);
  perform(task)
    .then(reply)
    .finally(() => clearInterval(watch));
});
process.on("disconnect", end);

async function perform(task: DecoderTask): Promise<DecoderAnswer> {
  try {
    if (task.type === "reencode") return { type: "reencoded", image: await reencodeImage(task.path, task.target) };
    await makeThumbnail(task.path, task.target, task.request);
    return { type: "made" };
  } catch (error) {
    if (error instanceof ImageInvalid) return { type: "invalid", message: error.message };
    const { message, code = null } = error as NodeJS.ErrnoException;
    return { type: "failed", message, code };
  }
}
