import { WebSocket } from "ws";
import { type Names, normaliseFrame, type RawFrame } from "./normalise.ts";
import type { Pacing } from "./pacing.ts";
import type { Recording } from "./recording.ts";
import type { Substitutes } from "./substitutes.ts";
import { createTranscript, dial, hangUp, type Line, type Transcript } from "./transcript.ts";

/** The sockets of a replay by their recorded names: what the recorder saw on each, and the simulator's own. */
export interface Connections {
  /** What the recorder had seen on this socket up to the row that is being replayed. */
  recorded(name: string): Transcript;
  /** @throws if the simulator refuses it, or with `isRefused` if it does not */
  open(name: string, path: string, isRefused: boolean): Promise<void>;
  send(name: string, text: string): void;
  close(name: string, politely: boolean): Promise<void>;
  /** The code with which the simulator closed the socket; null if it did not, or without one. */
  closeCode(name: string): number | null;
  /** Lets the simulator go on until every socket has brought what the recorder had seen by now, and no further. */
  caughtUp(): Promise<void>;
  allClosed(): Promise<void>;
  terminateAll(): void;
  frames(): { recorded: FramesByName; simulated: FramesByName };
}

export type FramesByName = ReadonlyMap<string, readonly RawFrame[]>;

export interface ConnectionParts {
  readonly recording: Recording;
  readonly url: string;
  readonly lines: Map<string, Line>;
  readonly pacing: Pacing;
  readonly substitutes: Substitutes;
  readonly recordedNames: Names;
  readonly joinsMidway: boolean;
}

export function createConnections(parts: ConnectionParts): Connections {
  const { recording, url, lines, pacing, substitutes, recordedNames, joinsMidway } = parts;
  const transcripts = new Map<string, Transcript>();

  function recorded(name: string): Transcript {
    const known = transcripts.get(name) ?? createTranscript(joinsMidway);
    transcripts.set(name, known);
    return known;
  }

  /** The sockets that are open and have not brought yet what the recorder had seen. */
  function lagging(): [string, Line][] {
    return [...lines].filter(
      ([name, { socket, transcript }]) =>
        transcript.count < recorded(name).count && socket.readyState !== WebSocket.CLOSED,
    );
  }

  return {
    recorded,
    async open(name, path, isRefused) {
      if (isRefused) {
        const failure = await dial(url, path, joinsMidway).catch((error: unknown) => error);
        if (!(failure instanceof Error)) throw new Error(`${name} was not refused`);
        return;
      }
      // The recorder opened some sockets only after a while.
      await pacing.untilRemaining(firstRemaining(recording, name));
      lines.set(name, await dial(url, path, joinsMidway));
    },
    send: (name, text) => lines.get(name)?.socket.send(text),
    close: (name, politely) => hangUp(lines.get(name), politely),
    closeCode: (name) => lines.get(name)?.closeCode ?? null,
    async caughtUp() {
      await pacing.until(
        () => lagging().length === 0,
        () =>
          lagging()
            .map(([name, line]) => describeLag(name, line.transcript, recorded(name)))
            .join("\n"),
      );
      const then = [...transcripts.values()].flatMap((transcript) => transcript.files);
      const now = [...lines.values()].flatMap(({ transcript }) => transcript.files);
      for (const [index, file] of then.entries()) {
        const own = now[index];
        if (own !== undefined) substitutes.add(file, own);
      }
    },
    allClosed: () =>
      pacing.until(
        () => [...lines.values()].every(({ socket }) => socket.readyState === WebSocket.CLOSED),
        () => "the end of every socket",
      ),
    terminateAll() {
      for (const { socket } of lines.values()) socket.terminate();
    },
    frames: () => ({
      recorded: normalised(transcripts, recordedNames),
      simulated: normalised(new Map([...lines].map(([name, line]) => [name, line.transcript])), substitutes.names),
    }),
  };
}

function normalised(transcripts: ReadonlyMap<string, Transcript>, names: Names): FramesByName {
  return new Map(
    [...transcripts].map(([name, { frames }]) => [name, frames.map((frame) => normaliseFrame(frame, names))]),
  );
}

function describeLag(name: string, own: Transcript, wanted: Transcript): string {
  return `${name}: ${own.count} of ${wanted.count} frames; wanted ${JSON.stringify(wanted.frames.at(-1))}`;
}

/** How many prompts were left when the recorder opened this socket, as its first status says; null without one. */
function firstRemaining({ rows }: Recording, conn: string): number | null {
  const first = rows.find((row) => row.kind === "ws-text" && row.conn === conn && row.dir === "server->client");
  const match = first?.kind === "ws-text" ? /"queue_remaining": (\d+)/.exec(first.text) : null;
  return match === null ? null : Number(match[1]);
}
