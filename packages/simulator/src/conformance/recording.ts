import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly bodyBase64?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly bodyMagic?: string;
}

export interface RecordedBinary {
  readonly eventType: number;
  readonly metadata?: string;
  readonly payloadMagic?: string;
  /** Of a frame of type 3. */
  readonly nodeId?: string;
  readonly text?: string;
}

export type Row = { readonly seq: number; readonly label?: string | null } & (
  | { readonly kind: "ws-open-request"; readonly conn: string; readonly path: string }
  | { readonly kind: "ws-open-failed"; readonly error: string }
  | { readonly kind: "ws-text"; readonly conn: string; readonly dir: string; readonly text: string }
  | { readonly kind: "ws-binary"; readonly conn: string; readonly explained: RecordedBinary }
  | { readonly kind: "ws-client-closes" | "ws-client-aborts-tcp"; readonly conn: string }
  | { readonly kind: "ws-close"; readonly conn: string; readonly code: number | null }
  | { readonly kind: "http-request"; readonly request: RecordedRequest }
  | { readonly kind: "http-response"; readonly request_seq: number; readonly response: RecordedAnswer }
  | { readonly kind: "http-failure"; readonly request_seq: number; readonly error: string }
  | { readonly kind: "note"; readonly text: string }
);

export interface Recording {
  readonly name: string;
  readonly rows: readonly Row[];
}

const root = join(import.meta.dirname, "../../recordings");

/** The scenarios recorded of a version, by their folders' names. */
export function listRecordings(version: string): string[] {
  return readdirSync(join(root, version)).sort();
}

/** Reads a scenario. Throws if it is missing: nothing is skipped. */
export function readRecording(version: string, name: string): Recording {
  const lines = readFileSync(join(root, version, name, "traffic.jsonl"), "utf8").split("\n");
  return { name, rows: lines.filter((line) => line !== "").map((line): Row => JSON.parse(line)) };
}

/** For each request of the recording, what was answered; null where nobody did. */
export function answersOf({ rows }: Recording): Map<number, RecordedAnswer | null> {
  return new Map(
    rows.flatMap((row): [number, RecordedAnswer | null][] => {
      if (row.kind === "http-response") return [[row.request_seq, row.response]];
      return row.kind === "http-failure" ? [[row.request_seq, null]] : [];
    }),
  );
}

/** What the recorder wrote down in words. */
export function notesOf({ rows }: Recording): string[] {
  return rows.flatMap((row) => (row.kind === "note" ? [row.text] : []));
}

/** The orders of outputs that the recorded server had chosen. */
export function outputOrders({ rows }: Recording): string[][] {
  const text = rows.map((row) => (row.kind === "http-response" ? (row.response.body ?? "") : "")).join("\n");
  const ran = text.matchAll(/"prompt": \[-?[\d.]+, "[0-9a-f-]{36}".*?, (\[(?:"[^"]*"(?:, )?)+\])\]/g);
  const refused = text.matchAll(/"dependent_outputs": (\["[^\]]+\])/g);
  return [...ran, ...refused].map(([, order]): string[] => JSON.parse(order ?? "[]"));
}
