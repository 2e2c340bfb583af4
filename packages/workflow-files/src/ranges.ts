import { MAX_BLOCKS, MAX_READ_BYTES, MAX_TEXT_BYTES } from "./limits.ts";
import { WorkflowFileError } from "./workflow-file-error.ts";

/** What is needed of a `Blob` or `File`. */
export type Sliceable = Pick<Blob, "size" | "slice">;

/** A file that is read by ranges, each of them checked: nothing here trusts a length that the file itself states. */
export interface Ranges {
  readonly kind: string;
  /** Of the whole file, in bytes. */
  readonly size: number;
  /**
   * The bytes from `at`.
   *
   * @throws WorkflowFileError `DAMAGED` if the file ends before, `TOO_LARGE` beyond a bound of ours, `UNREADABLE`
   */
  read(at: number, length: number, place: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Like `read`, but fewer bytes where the file ends. */
  readUpTo(at: number, length: number, place: string): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * To be called for each chunk, box or tag that is gone through, with where it ends.
   *
   * @throws WorkflowFileError `DAMAGED` if the file ends before, `TOO_LARGE` if there were too many
   */
  pass(end: number, place: string): void;
  damaged(place: string, rule: string): WorkflowFileError;
  tooLarge(place: string, rule: string): WorkflowFileError;
}

/** Files up to this size are read in one go. */
const WHOLE_BYTES = 256 * 1024;
/** Of larger ones at least this much at once: heads of boxes often stand beside one another. */
const WINDOW_BYTES = 4096;

export function openRanges(source: Sliceable, kind: string): Ranges {
  const { size } = source;
  let window = { from: 0, bytes: new Uint8Array(0) };
  let bytesRead = 0;
  let blocks = 0;
  const damaged = (place: string, rule: string) => new WorkflowFileError("DAMAGED", { kind, place }, rule);
  const tooLarge = (place: string, rule: string) => new WorkflowFileError("TOO_LARGE", { kind, place }, rule);

  async function load(from: number, length: number, place: string): Promise<void> {
    const end = size <= WHOLE_BYTES ? size : Math.min(size, from + Math.max(length, WINDOW_BYTES));
    const start = size <= WHOLE_BYTES ? 0 : from;
    bytesRead += end - start;
    if (bytesRead > MAX_READ_BYTES) throw tooLarge(place, `more than ${MAX_READ_BYTES} bytes would have to be read`);
    try {
      window = { from: start, bytes: new Uint8Array(await source.slice(start, end).arrayBuffer()) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new WorkflowFileError("UNREADABLE", { kind, place }, `the file can't be read (${reason})`);
    }
    if (window.bytes.length < end - start) {
      throw new WorkflowFileError("UNREADABLE", { kind, place }, "the file became shorter while it was read");
    }
  }

  async function read(at: number, length: number, place: string): Promise<Uint8Array<ArrayBuffer>> {
    if (at + length > size) throw damaged(place, `it ends at byte ${at + length}, and the file at byte ${size}`);
    if (length > MAX_TEXT_BYTES) throw tooLarge(place, `it has ${length} bytes; ${MAX_TEXT_BYTES} are the most`);
    const isLoaded = at >= window.from && at + length <= window.from + window.bytes.length;
    if (!isLoaded) await load(at, length, place);
    return window.bytes.subarray(at - window.from, at - window.from + length);
  }

  return {
    kind,
    size,
    damaged,
    tooLarge,
    read,
    readUpTo: (at, length, place) => read(at, Math.max(0, Math.min(length, size - at)), place),
    pass(end, place) {
      if (end > size) throw damaged(place, `it ends at byte ${end}, and the file at byte ${size}`);
      blocks += 1;
      if (blocks > MAX_BLOCKS) throw tooLarge(place, `there are more than ${MAX_BLOCKS} blocks before it`);
    },
  };
}
