import { once } from "node:events";
import { WebSocket } from "ws";
import { createFrameFilter, parseBinaryFrame, parseTextFrame, type RawFrame } from "./normalise.ts";

/** The frames of one socket, and how many of them count. */
export interface Transcript {
  readonly frames: RawFrame[];
  readonly files: string[];
  count: number;
  add(frame: RawFrame, text?: string): void;
}

/** A socket that was dialled, what it brought, and with which code it closed. */
export interface Line {
  readonly socket: WebSocket;
  readonly transcript: Transcript;
  closeCode: number | null;
}

export function createTranscript(joinsMidway: boolean): Transcript {
  const counts = createFrameFilter(joinsMidway);
  return {
    frames: [],
    files: [],
    count: 0,
    add(frame, text = "") {
      this.frames.push(frame);
      if (counts(frame)) this.count += 1;
      if (!text.includes('"executed"')) return;
      this.files.push(
        ...[...text.matchAll(/"filename": ("[^"]+")/g)].map((match): string => JSON.parse(match[1] ?? '""')),
      );
    },
  };
}

/** Throws if nobody answers. */
export async function dial(url: string, path: string, joinsMidway: boolean): Promise<Line> {
  const socket = new WebSocket(url.replace("http", "ws") + path);
  const transcript = createTranscript(joinsMidway);
  const line: Line = { socket, transcript, closeCode: null };
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) transcript.add(parseBinary(data));
    else transcript.add(parseTextFrame(data.toString("utf8")), data.toString("utf8"));
  });
  socket.on("close", (code) => {
    line.closeCode = code;
  });
  await once(socket, "open");
  return line;
}

/** Ends when all that the server had sent before has arrived. */
export async function flush({ socket }: Line): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) return;
  const listening = new AbortController();
  const { signal } = listening;
  const answered = Promise.race([once(socket, "pong", { signal }), once(socket, "close", { signal })]);
  socket.ping();
  await answered;
  listening.abort();
}

/** Closes a socket, politely with a closing frame, and waits until it is closed. */
export async function hangUp(line: Line | undefined, politely: boolean): Promise<void> {
  if (line === undefined || line.socket.readyState === WebSocket.CLOSED) return;
  const closed = once(line.socket, "close");
  if (politely) line.socket.close(1000);
  else line.socket.terminate();
  await closed;
}

function parseBinary(data: Buffer): RawFrame {
  const eventType = data.readUInt32BE(0);
  const length = eventType === 1 ? 0 : data.readUInt32BE(4);
  const head = data.toString("utf8", 8, 8 + length);
  const rest = data.subarray(8 + length);
  if (eventType === 3) return parseBinaryFrame({ eventType, nodeId: head, text: rest.toString("utf8") });
  return parseBinaryFrame({
    eventType,
    payloadMagic: magicOf(rest),
    ...(eventType === 4 ? { metadata: head } : {}),
  });
}

/** The first bytes, as the recordings show them. */
export function magicOf(bytes: Buffer): string {
  return [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
