import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { DecoderAnswer, DecoderTask } from "./decoder-protocol.ts";
import { nextTurn, surplusTurn, type Turn } from "./decoder-turns.ts";
import { ImageInvalid, type StoredImage } from "./image.ts";
import type { ThumbnailRequest } from "./thumbnail.ts";

/** Processes that decode pictures for this one, few at a time. */
export interface Decoders {
  /** `reencodeImage`. Throws ImageInvalid, {@link DecodersBusy}, and what the disk says. */
  reencode(path: string, target: string, turn: Turn): Promise<StoredImage>;
  /** `makeThumbnail`. Throws the same. */
  thumbnail(path: string, target: string, request: ThumbnailRequest, turn: Turn): Promise<void>;
  /** The process ids of those that are there now. */
  pids(): readonly number[];
  /** Ends them; whoever waits is refused. */
  close(): void;
}

export interface DecoderLimits {
  readonly maxWaiting: number;
  /** How long a picture may wait for its turn. */
  readonly waitMs: number;
  /** How long it may then take. */
  readonly decodeMs: number;
  /** The resident memory at which a decoder is ended. */
  readonly maxBytes: number;
}

const defaultLimits: DecoderLimits = { maxWaiting: 64, waitMs: 20_000, decodeMs: 20_000, maxBytes: 700 * 1024 ** 2 };

/** One for large pictures, and one that stays free of them. Each that was needed holds some 70 MB. */
const DECODERS = 2;

/** A decoder that nobody needed for so long gives its memory back. */
const IDLE_MS = 60_000;

/** Thrown when too many pictures wait; nothing was decoded. */
export class DecodersBusy extends Error {
  override readonly name = "DecodersBusy";

  constructor() {
    super("too many pictures wait for a decoder");
  }
}

interface Waiting extends Turn {
  readonly task: DecoderTask;
  readonly settle: (answer: DecoderAnswer | Promise<DecoderAnswer>) => void;
  readonly refuse: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Starts a process at the first picture, and again after one that a picture ended. A process and not a thread, because
 * only a process can be ended in the middle of a decoder's own code, with its memory.
 */
export function createDecoders(limits: Partial<DecoderLimits> = {}): Decoders {
  const { maxWaiting, waitMs, decodeMs, maxBytes } = { ...defaultLimits, ...limits };
  const waiting: Waiting[] = [];
  const working: Waiting[] = [];
  const idle: ChildProcess[] = [];
  const processes = new Set<ChildProcess>();

  function perform(task: DecoderTask, turn: Turn): Promise<DecoderAnswer> {
    return new Promise((settle, refuse) => {
      const entry: Waiting = { ...turn, task, settle, refuse, timer: setTimeout(() => dismiss(entry), waitMs) };
      waiting.push(entry);
      startNext();
      if (waiting.length > maxWaiting) dismiss(surplusTurn(waiting));
    });
  }

  function dismiss(entry: Waiting | null): void {
    if (entry === null) return;
    clearTimeout(entry.timer);
    remove(waiting, entry);
    entry.refuse(new DecodersBusy());
  }

  function startNext(): void {
    const entry = nextTurn(waiting, working, DECODERS);
    if (entry === null) return;
    clearTimeout(entry.timer);
    remove(waiting, entry);
    working.push(entry);
    entry.settle(decode(entry));
    startNext();
  }

  async function decode(entry: Waiting): Promise<DecoderAnswer> {
    // All at once: whoever comes while the first is busy should not wait for the second to start.
    while (processes.size < DECODERS) idle.push(start());
    const decoder = idle.pop() ?? start();
    try {
      return await ask(decoder, entry.task, decodeMs);
    } finally {
      remove(working, entry);
      if (processes.has(decoder) && !decoder.killed) idle.push(decoder);
      startNext();
    }
  }

  function start(): ChildProcess {
    const decoder = fork(join(import.meta.dirname, "decoder-main.ts"), [String(maxBytes)], {
      // The process that reads strangers' bytes knows no address and no secret of ours.
      env: { NODE_ENV: "production" },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // A width may be Infinity, which JSON does not know.
      serialization: "advanced",
    });
    processes.add(decoder);
    const gone = (): void => {
      processes.delete(decoder);
      remove(idle, decoder);
    };
    decoder.once("exit", gone).on("error", gone);
    // It ends with its channel, so it need not keep this process.
    decoder.unref();
    decoder.channel?.unref();
    return decoder;
  }

  /** Idle ones are ended in the order in which they would be used last. */
  const rest = setInterval(() => {
    if (working.length === 0) idle.shift()?.kill("SIGKILL");
  }, IDLE_MS).unref();

  return {
    async reencode(path, target, turn) {
      const answer = await perform({ type: "reencode", path, target }, turn);
      if (answer.type === "reencoded") return answer.image;
      throw errorOf(answer);
    },
    async thumbnail(path, target, request, turn) {
      const answer = await perform({ type: "thumbnail", path, target, request }, turn);
      if (answer.type !== "made") throw errorOf(answer);
    },
    pids: () => [...processes].flatMap(({ pid }) => pid ?? []),
    close() {
      clearInterval(rest);
      for (const entry of [...waiting]) dismiss(entry);
      for (const decoder of processes) decoder.kill("SIGKILL");
    },
  };
}

/** What the process answers, or what is to be said of one that did not. It is ended if it takes longer than `ms`. */
function ask(decoder: ChildProcess, task: DecoderTask, ms: number): Promise<DecoderAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: DecoderAnswer): void => {
      clearTimeout(timer);
      decoder.off("message", settle).off("exit", ended).off("error", failed);
      if (answer.type === "exhausted") decoder.kill("SIGKILL");
      resolve(answer);
    };
    const ended = (code: number | null): void =>
      settle(
        code === null
          ? { type: "invalid", message: "The image is damaged: it could not be read to its end." }
          : { type: "failed", message: `the decoder ended with code ${code}`, code: null },
      );
    const failed = ({ message }: Error): void => settle({ type: "failed", message, code: null });
    const timer = setTimeout(() => {
      decoder.kill("SIGKILL");
      settle({ type: "invalid", message: `The image takes longer than ${ms / 1000} s to read. Send a smaller one.` });
    }, ms);
    decoder.on("message", settle).once("exit", ended).once("error", failed);
    decoder.send(task);
  });
}

function errorOf(answer: DecoderAnswer): Error {
  switch (answer.type) {
    case "invalid":
      return new ImageInvalid(answer.message);
    case "exhausted":
      return new ImageInvalid("The image takes too much memory to read. Send a smaller one.");
    case "failed":
      return Object.assign(new Error(answer.message), answer.code === null ? {} : { code: answer.code });
    default:
      return new Error(`the decoder answered ${answer.type}`);
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
