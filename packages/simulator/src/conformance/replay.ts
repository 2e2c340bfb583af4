import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Simulator } from "../simulator.ts";
import type { VirtualClock } from "../site/clock.ts";
import type { ComparedAnswer } from "./comparison.ts";
import { createConnections, type FramesByName } from "./connections.ts";
import { exchange } from "./exchange.ts";
import { type Names, parseBinaryFrame, parseTextFrame } from "./normalise.ts";
import { createPacing } from "./pacing.ts";
import { answersOf, type Recording, type Row } from "./recording.ts";
import { createSubstitutes } from "./substitutes.ts";
import type { Line } from "./transcript.ts";

/** What the recorder saw, or what the simulator showed in its place. */
export interface Side {
  readonly frames: FramesByName;
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
  const { url } = simulator;
  const answers = answersOf(recording);
  const lines = new Map<string, Line>();
  const pacing = createPacing(url, clock, lines);
  const substitutes = createSubstitutes();
  /** Recorded ids are their own names. */
  const recordedNames: Names = new Map();
  const exchangeParts = { url, pacing, substitutes, recordedNames };
  const connections = createConnections({ recording, lines, joinsMidway, ...exchangeParts });
  const pairs: { recorded: ComparedAnswer; simulated: ComparedAnswer }[] = [];
  const closeCodes: { recorded: number; simulated: number | null }[] = [];

  for (const [index, row] of recording.rows.entries()) await perform(row, recording.rows[index + 1]);
  await connections.caughtUp();
  connections.terminateAll();
  const frames = connections.frames();
  const side = (name: "recorded" | "simulated"): Side => ({
    frames: frames[name],
    answers: pairs.map((pair) => pair[name]),
    closeCodes: closeCodes.map((pair) => pair[name]),
  });
  return { recorded: side("recorded"), simulated: side("simulated") };

  async function perform(row: Row, next: Row | undefined): Promise<void> {
    if (row.kind === "ws-text" && row.dir === "server->client") {
      connections.recorded(row.conn).add(parseTextFrame(row.text), row.text);
    } else if (row.kind === "ws-binary") {
      connections.recorded(row.conn).add(parseBinaryFrame(row.explained));
    } else if (row.kind === "ws-open-request") {
      await connections.caughtUp();
      await connections.open(row.conn, row.path, next?.kind === "ws-open-failed");
    } else if (row.kind === "ws-text") {
      connections.send(row.conn, row.text);
    } else if (row.kind === "ws-client-closes" || row.kind === "ws-client-aborts-tcp") {
      await connections.caughtUp();
      await connections.close(row.conn, row.kind === "ws-client-closes");
    } else if (row.kind === "ws-close" && row.code !== null) {
      closeCodes.push({ recorded: row.code, simulated: connections.closeCode(row.conn) });
    } else if (row.kind === "http-request") {
      await connections.caughtUp();
      // Two prompts of one moment have no order.
      clock.pass(1);
      const wanted = answers.get(row.seq);
      if (wanted === undefined) throw new Error(`request ${row.seq} has no recorded answer`);
      const title = `${row.seq} ${row.request.method} ${row.request.path} ${row.label ?? ""}`;
      const isStatusOnly = statusOnly.includes(row.seq);
      pairs.push(await exchange({ title, request: row.request, wanted, isStatusOnly }, exchangeParts));
    } else if (row.kind === "note") {
      await connections.caughtUp();
      await obey(row.text);
    }
  }

  /** What the recorder did besides asking. */
  async function obey(note: string): Promise<void> {
    if (/^SIG\w+ sent$/.test(note)) {
      simulator.kill();
      await connections.allClosed();
    }
    if (note.startsWith("server restarted")) simulator = await restart();
    if (note.startsWith("both files deleted")) {
      for (const type of ["output", "temp"]) rmSync(join(folder, type), { recursive: true });
    }
  }
}
