import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import type { Simulator } from "../simulator.ts";
import type { VirtualClock } from "../site/clock.ts";
import { type ComparedAnswer, compared, isText, shapeOf, statusOf, unanswered } from "./comparison.ts";
import { type Names, normaliseFrame, parseBinaryFrame, parseTextFrame, type RawFrame } from "./normalise.ts";
import { answersOf, type RecordedAnswer, type RecordedRequest, type Recording } from "./recording.ts";
import { createTranscript, dial, flush, type Line, magicOf, type Transcript } from "./transcript.ts";

export interface Side {
  readonly frames: ReadonlyMap<string, readonly RawFrame[]>;
  readonly answers: readonly ComparedAnswer[];
  /** How the server closed sockets. */
  readonly closeCodes: readonly (number | null)[];
}

export interface Stage {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly clock: VirtualClock;
  /** Starts it anew on the same folder and the same port. */
  readonly restart: () => Promise<Simulator>;
}

export interface Manner {
  /** Sockets come and go while a prompt runs. */
  readonly joinsMidway: boolean;
  /** Requests, by row, of whose answers only the status is compared. */
  readonly statusOnly: readonly number[];
}

/** How long the simulator may be busy without its clock being asked for time. */
const patienceMs = 15_000;
/** A question of the recording may have come so many waits of a node later. */
const patienceSteps = 400;

/**
 * Does to the simulator what was done to the real server, and returns both sides. Time stands still unless the recording
 * had seen something that the simulator has not shown yet.
 */
export async function replay(
  recording: Recording,
  { clock, folder, restart, ...stage }: Stage,
  { joinsMidway, statusOnly }: Manner,
): Promise<{ recorded: Side; simulated: Side }> {
  let { simulator } = stage;
  /** Recorded ids are their own names. */
  const recordedNames: Names = new Map();
  const simulatedNames = new Map<string, string>();
  const transcripts = new Map<string, Transcript>();
  const lines = new Map<string, Line>();
  const recorded: ComparedAnswer[] = [];
  const simulated: ComparedAnswer[] = [];
  const recordedCodes: number[] = [];
  const simulatedCodes: (number | null)[] = [];
  const answers = answersOf(recording);
  /** What the simulator says instead of what was recorded: ids, file names, validators. */
  const substitutes = new Map<string, string>();

  for (const [index, row] of recording.rows.entries()) {
    if (row.kind === "ws-text" && row.dir === "server->client") {
      transcriptOf(row.conn).add(parseTextFrame(row.text), row.text);
    } else if (row.kind === "ws-binary") {
      transcriptOf(row.conn).add(parseBinaryFrame(row.explained));
    } else if (row.kind === "ws-open-request") {
      await caughtUp();
      if (recording.rows[index + 1]?.kind === "ws-open-failed") {
        const failure = await dial(simulator, row.path, joinsMidway).catch((error: unknown) => error);
        if (!(failure instanceof Error)) throw new Error(`${row.conn} was not refused`);
        continue;
      }
      await asBusyAs(firstRemaining(recording, row.conn));
      lines.set(row.conn, await dial(simulator, row.path, joinsMidway));
    } else if (row.kind === "ws-text") {
      lines.get(row.conn)?.socket.send(row.text);
    } else if (row.kind === "ws-client-closes" || row.kind === "ws-client-aborts-tcp") {
      await caughtUp();
      await hangUp(lines.get(row.conn), row.kind === "ws-client-closes");
    } else if (row.kind === "ws-close" && row.code !== null) {
      recordedCodes.push(row.code);
      simulatedCodes.push(lines.get(row.conn)?.closeCode ?? null);
    } else if (row.kind === "http-request") {
      await caughtUp();
      const wanted = answers.get(row.seq);
      if (wanted === undefined) throw new Error(`request ${row.seq} has no recorded answer`);
      const title = `${row.seq} ${row.request.method} ${row.request.path} ${row.label ?? ""}`;
      await exchange(row.request, wanted, title, statusOnly.includes(row.seq));
    } else if (row.kind === "note") {
      await obey(row.text);
    }
  }
  await caughtUp();
  for (const { socket } of lines.values()) socket.terminate();
  const side = (
    all: Iterable<[string, Transcript]>,
    names: Names,
    given: ComparedAnswer[],
    closeCodes: (number | null)[],
  ): Side => ({
    frames: new Map([...all].map(([name, { frames }]) => [name, frames.map((frame) => normaliseFrame(frame, names))])),
    answers: given,
    closeCodes,
  });
  const ownTranscripts = [...lines].map(([name, line]): [string, Transcript] => [name, line.transcript]);
  return {
    recorded: side(transcripts, recordedNames, recorded, recordedCodes),
    simulated: side(ownTranscripts, simulatedNames, simulated, simulatedCodes),
  };

  function transcriptOf(name: string): Transcript {
    const known = transcripts.get(name) ?? createTranscript(joinsMidway);
    transcripts.set(name, known);
    return known;
  }

  /** What the recorder did besides asking. */
  async function obey(note: string): Promise<void> {
    await caughtUp();
    if (/^SIG\w+ sent$/.test(note)) {
      simulator.kill();
      await until(
        () => [...lines.values()].every(({ socket }) => socket.readyState === WebSocket.CLOSED),
        () => "the end of every socket",
      );
    }
    if (note.startsWith("server restarted")) simulator = await restart();
    if (note.startsWith("both files deleted")) {
      for (const type of ["output", "temp"]) rmSync(join(folder, type), { recursive: true });
    }
  }

  /** Lets the simulator go on until every socket has brought what the recorder had seen by now, and no further. */
  async function caughtUp(): Promise<void> {
    const lacking = (): [string, Line][] =>
      [...lines].filter(
        ([name, { socket, transcript }]) =>
          transcript.count < transcriptOf(name).count && socket.readyState !== WebSocket.CLOSED,
      );
    await until(
      () => lacking().length === 0,
      () =>
        lacking()
          .map(([name, { transcript }]) => {
            const wanted = transcriptOf(name);
            return `${name}: ${transcript.count} of ${wanted.count} frames; wanted ${JSON.stringify(wanted.frames.at(-1))}`;
          })
          .join("\n"),
    );
    const then = [...transcripts.values()].flatMap((transcript) => transcript.files);
    const now = [...lines.values()].flatMap(({ transcript }) => transcript.files);
    for (const [index, file] of then.entries()) {
      const own = now[index];
      if (own !== undefined) substitutes.set(file, own);
    }
  }

  async function until(condition: () => boolean, describe: () => string): Promise<void> {
    for (let idleSince = performance.now(); ; ) {
      await Promise.all([...lines.values()].map(flush));
      if (condition()) return;
      if (clock.step()) idleSince = performance.now();
      else if (performance.now() - idleSince > patienceMs) throw new Error(`never happened: ${describe()}`);
      else await pause(2);
    }
  }

  /** The recorder opened some sockets only after a while. */
  async function asBusyAs(remaining: number | null): Promise<void> {
    for (let step = 0; remaining !== null && step < patienceSteps; step += 1) {
      if ((await remainingNow()) <= remaining) return;
      if (!clock.step()) await pause(2);
    }
  }

  async function remainingNow(): Promise<number> {
    const info = (await (await fetch(`${simulator.url}/prompt`)).json()) as { exec_info: { queue_remaining: number } };
    return info.exec_info.queue_remaining;
  }

  async function isBusy(): Promise<boolean> {
    return (await remainingNow()) > 0;
  }

  async function hangUp(line: Line | undefined, politely: boolean): Promise<void> {
    if (line === undefined || line.socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => line.socket.once("close", () => resolve()));
    if (politely) line.socket.close(1000);
    else line.socket.terminate();
    await closed;
  }

  async function exchange(
    request: RecordedRequest,
    wanted: RecordedAnswer | null,
    title: string,
    isLoose: boolean,
  ): Promise<void> {
    // Two prompts of one moment have no order.
    clock.pass(1);
    if (wanted === null) {
      recorded.push(unanswered(title));
      simulated.push(
        await send(request, null).then(
          async (response) => ({ ...unanswered(title), status: response.status }),
          () => unanswered(title),
        ),
      );
      return;
    }
    const compare = isLoose ? statusOf : request.path.endsWith("/system_stats") ? shapeOf : compared;
    const expected = compare(title, wanted.status, wanted.headers["content-type"], wanted, recordedNames);
    recorded.push(expected);
    for (let step = 0, idleSince = performance.now(); ; step += 1) {
      const response = await send(request, wanted);
      const bytes = Buffer.from(await response.arrayBuffer());
      const type = response.headers.get("content-type") ?? undefined;
      const answer = {
        body: isText(type) ? bytes.toString("utf8") : null,
        ...(wanted.bodyMagic === undefined ? {} : { bodyMagic: magicOf(bytes) }),
      };
      if (request.method === "POST" || request.path === "/prompt") learnId(wanted, answer.body);
      for (const header of ["etag", "last-modified"]) {
        const [then, now] = [wanted.headers[header], response.headers.get(header)];
        if (then !== undefined && now !== null) substitutes.set(then, now);
      }
      const actual = compare(title, response.status, type, answer, simulatedNames);
      // A question can be asked a moment too early; a command cannot be repeated.
      const agrees = JSON.stringify(actual) === JSON.stringify(expected);
      const isTooLate = step > patienceSteps || performance.now() - idleSince > patienceMs;
      if (agrees || request.method !== "GET" || isTooLate) {
        simulated.push(actual);
        return;
      }
      await Promise.all([...lines.values()].map(flush));
      if (clock.step()) idleSince = performance.now();
      else if (await isBusy()) await pause(2);
      // Nothing will change the answer any more.
      else step = patienceSteps;
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

  function send(request: RecordedRequest, wanted: RecordedAnswer | null): Promise<Response> {
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
function withTieBreaker({ body }: RecordedRequest, wanted: RecordedAnswer | null): string | undefined {
  const id = idIn(wanted?.body);
  if (body === undefined || id === undefined || !body.includes('"number": ') || body.includes('"prompt_id"'))
    return body;
  return body.replace(/\}$/, `, "prompt_id": "${id}"}`);
}

function idIn(text: string | null | undefined): string | undefined {
  return /^\{"prompt_id": "([0-9a-f]{8}-[^"]+)"/.exec(text ?? "")?.[1];
}

function firstRemaining({ rows }: Recording, conn: string): number | null {
  const first = rows.find((row) => row.kind === "ws-text" && row.conn === conn && row.dir === "server->client");
  const match = first?.kind === "ws-text" ? /"queue_remaining": (\d+)/.exec(first.text) : null;
  return match === null ? null : Number(match[1]);
}
