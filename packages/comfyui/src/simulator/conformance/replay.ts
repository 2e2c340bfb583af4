import { once } from "node:events";
import { WebSocket } from "ws";
import type { Simulator } from "../simulator.ts";
import {
  createFrameFilter,
  type Names,
  normaliseBody,
  normaliseFrame,
  parseBinaryFrame,
  parseTextFrame,
  type RawFrame,
} from "./normalise.ts";
import { answersOf, type RecordedAnswer, type RecordedRequest, type Recording } from "./recording.ts";

export interface ComparedAnswer {
  readonly request: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}

export interface Side {
  readonly frames: ReadonlyMap<string, readonly RawFrame[]>;
  readonly answers: readonly ComparedAnswer[];
}

/** The frames of one socket, and how many of them count. */
interface Transcript {
  readonly frames: RawFrame[];
  readonly files: string[];
  count: number;
  add(frame: RawFrame, text?: string): void;
}

interface Line {
  readonly socket: WebSocket;
  readonly transcript: Transcript;
}

const patienceMs = 15_000;

/** Does to the simulator what was done to the real server, waiting where the recorder had waited, and returns both sides. */
export async function replay(
  recording: Recording,
  simulator: Simulator,
  joinsMidway: boolean,
): Promise<{ recorded: Side; simulated: Side }> {
  /** Recorded ids are their own names. */
  const recordedNames: Names = new Map();
  const simulatedNames = new Map<string, string>();
  const transcripts = new Map<string, Transcript>();
  const lines = new Map<string, Line>();
  const recorded: ComparedAnswer[] = [];
  const simulated: ComparedAnswer[] = [];
  const answers = answersOf(recording);
  /** What the simulator says instead of what was recorded: ids, file names, validators. */
  const substitutes = new Map<string, string>();

  for (const row of recording.rows) {
    if (row.kind === "ws-text" && row.dir === "server->client") {
      transcriptOf(row.conn).add(parseTextFrame(row.text), row.text);
    } else if (row.kind === "ws-binary") {
      const { eventType, metadata, payloadMagic } = row.explained;
      transcriptOf(row.conn).add(parseBinaryFrame(eventType, metadata, payloadMagic));
    } else if (row.kind === "ws-open-request") {
      await caughtUp();
      await asBusyAs(firstRemaining(recording, row.conn));
      lines.set(row.conn, await dial(simulator, row.path, joinsMidway));
    } else if (row.kind === "ws-text") {
      lines.get(row.conn)?.socket.send(row.text);
    } else if (row.kind === "ws-client-closes" || row.kind === "ws-client-aborts-tcp") {
      await caughtUp();
      const socket = lines.get(row.conn)?.socket;
      if (socket !== undefined && socket.readyState !== WebSocket.CLOSED) {
        const closed = once(socket, "close");
        if (row.kind === "ws-client-closes") socket.close(1000);
        else socket.terminate();
        await closed;
      }
    } else if (row.kind === "http-request") {
      await caughtUp();
      const wanted = answers.get(row.seq);
      if (wanted === undefined) throw new Error(`request ${row.seq} has no recorded answer`);
      await exchange(row.request, wanted, `${row.seq} ${row.request.method} ${row.request.path} ${row.label ?? ""}`);
    }
  }
  await caughtUp();
  for (const { socket } of lines.values()) socket.terminate();
  const side = (all: Iterable<[string, Transcript]>, names: Names, given: ComparedAnswer[]): Side => ({
    frames: new Map([...all].map(([name, { frames }]) => [name, frames.map((frame) => normaliseFrame(frame, names))])),
    answers: given,
  });
  return {
    recorded: side(transcripts, recordedNames, recorded),
    simulated: side(
      [...lines].map(([name, line]): [string, Transcript] => [name, line.transcript]),
      simulatedNames,
      simulated,
    ),
  };

  function transcriptOf(name: string): Transcript {
    const known = transcripts.get(name) ?? createTranscript(joinsMidway);
    transcripts.set(name, known);
    return known;
  }

  /** Waits until every socket has brought what the recorder had seen by now. */
  async function caughtUp(): Promise<void> {
    for (const [name, { socket, transcript }] of lines) {
      const wanted = transcriptOf(name);
      await until(
        () => transcript.count >= wanted.count || socket.readyState === WebSocket.CLOSED,
        () => `${name}: ${transcript.count} of ${wanted.count} frames; wanted ${JSON.stringify(wanted.frames.at(-1))}`,
      );
    }
    const then = [...transcripts.values()].flatMap((transcript) => transcript.files);
    const now = [...lines.values()].flatMap(({ transcript }) => transcript.files);
    for (const [index, file] of then.entries()) {
      const own = now[index];
      if (own !== undefined) substitutes.set(file, own);
    }
  }

  /** The recorder opened some sockets only after a while. */
  async function asBusyAs(remaining: number | null): Promise<void> {
    for (const deadline = Date.now() + patienceMs; remaining !== null && Date.now() < deadline; ) {
      const answer = await fetch(`${simulator.url}/prompt`);
      const info = (await answer.json()) as { exec_info: { queue_remaining: number } };
      if (info.exec_info.queue_remaining <= remaining) return;
      await pause(20);
    }
  }

  async function exchange(request: RecordedRequest, wanted: RecordedAnswer, title: string): Promise<void> {
    const expected = compared(title, wanted.status, wanted.headers["content-type"], wanted, recordedNames);
    recorded.push(expected);
    // Only an ended run's history is worth waiting for; anything else moves on meanwhile.
    const deadline = Date.now() + (request.path.startsWith("/history/") ? patienceMs : 500);
    for (;;) {
      const response = await send(request, wanted);
      const bytes = Buffer.from(await response.arrayBuffer());
      const type = response.headers.get("content-type") ?? undefined;
      const answer = { body: isText(type) ? bytes.toString("utf8") : null, bodyMagic: magicOf(bytes) };
      if (request.method === "POST" || request.path === "/prompt") learnId(wanted, answer.body);
      for (const header of ["etag", "last-modified"]) {
        const [then, now] = [wanted.headers[header], response.headers.get(header)];
        if (then !== undefined && now !== null) substitutes.set(then, now);
      }
      const actual = compared(title, response.status, type, answer, simulatedNames);
      // A question can be asked a moment too early; a command cannot be repeated.
      const agrees = JSON.stringify(actual) === JSON.stringify(expected);
      if (agrees || request.method !== "GET" || Date.now() > deadline) {
        simulated.push(actual);
        return;
      }
      await pause(20);
    }
  }

  function learnId(wanted: RecordedAnswer, body: string | null): void {
    const [then, now] = [idIn(wanted.body), idIn(body)];
    if (then === undefined || now === undefined) return;
    substitutes.set(then, now);
    simulatedNames.set(now, then);
  }

  function translated(text: string): string {
    let result = text;
    for (const [then, now] of substitutes) {
      result = result.replaceAll(then, now).replaceAll(encodeURIComponent(then), encodeURIComponent(now));
    }
    return result;
  }

  function send(request: RecordedRequest, wanted: RecordedAnswer): Promise<Response> {
    const body =
      request.bodyBase64 === undefined
        ? withTieBreaker(request, wanted)
        : new Uint8Array(Buffer.from(request.bodyBase64, "base64"));
    const headers = Object.entries(request.headers ?? {}).map(([key, value]): [string, string] => [
      key,
      translated(value),
    ]);
    return fetch(simulator.url + translated(request.path), {
      method: request.method,
      headers,
      ...(body === undefined || body === "" ? {} : { body: typeof body === "string" ? translated(body) : body }),
    });
  }
}

/** Equal numbers run in order of the id, so there the id that the real server had picked must be used. */
function withTieBreaker({ body }: RecordedRequest, wanted: RecordedAnswer): string | undefined {
  const id = idIn(wanted.body);
  if (body === undefined || id === undefined || !body.includes('"number": ') || body.includes('"prompt_id"'))
    return body;
  return body.replace(/\}$/, `, "prompt_id": "${id}"}`);
}

function idIn(text: string | null | undefined): string | undefined {
  return /^\{"prompt_id": "([^"]+)"/.exec(text ?? "")?.[1];
}

function firstRemaining({ rows }: Recording, conn: string): number | null {
  const first = rows.find((row) => row.kind === "ws-text" && row.conn === conn && row.dir === "server->client");
  const match = first?.kind === "ws-text" ? /"queue_remaining": (\d+)/.exec(first.text) : null;
  return match === null ? null : Number(match[1]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function createTranscript(joinsMidway: boolean): Transcript {
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

async function dial(simulator: Simulator, path: string, joinsMidway: boolean): Promise<Line> {
  const socket = new WebSocket(simulator.url.replace("http", "ws") + path);
  const transcript = createTranscript(joinsMidway);
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) {
      const text = data.toString("utf8");
      transcript.add(parseTextFrame(text), text);
      return;
    }
    const event = data.readUInt32BE(0);
    const length = event === 4 ? data.readUInt32BE(4) : 0;
    const metadata = event === 4 ? data.toString("utf8", 8, 8 + length) : undefined;
    transcript.add(parseBinaryFrame(event, metadata, magicOf(data.subarray(8 + length))));
  });
  await once(socket, "open");
  return { socket, transcript };
}

function compared(
  request: string,
  status: number,
  contentType: string | undefined,
  { body, bodyMagic }: { readonly body?: string | null; readonly bodyMagic?: string },
  names: Names,
): ComparedAnswer {
  const mime = contentType?.split(";")[0] ?? null;
  const isJson = mime === "application/json" && body !== null && body !== undefined && body !== "";
  const isPicture = mime?.startsWith("image/") === true;
  return {
    request,
    status,
    // aiohttp names a type even for an empty body; that says nothing.
    contentType: isJson || isPicture ? mime : null,
    body: isJson ? normaliseBody(body, names) : isPicture ? pictureOf(bodyMagic ?? "") : (body ?? "") || null,
  };
}

function isText(contentType: string | undefined): boolean {
  return contentType?.startsWith("application/json") === true || contentType?.startsWith("text/") === true;
}

/** A JPEG may begin with one segment or another. */
function pictureOf(magic: string): string {
  return magic.startsWith("ff d8") ? "jpeg" : magic.slice(0, 11);
}

function magicOf(bytes: Buffer): string {
  return [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

async function until(condition: () => boolean, describe: () => string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never happened: ${describe()}`);
    await pause(5);
  }
}
