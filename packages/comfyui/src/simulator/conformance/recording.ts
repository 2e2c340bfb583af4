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

export type Row = { readonly seq: number; readonly label?: string | null } & (
  | { readonly kind: "ws-open-request"; readonly conn: string; readonly path: string }
  | { readonly kind: "ws-text"; readonly conn: string; readonly dir: string; readonly text: string }
  | {
      readonly kind: "ws-binary";
      readonly conn: string;
      readonly explained: { readonly eventType: number; readonly metadata?: string; readonly payloadMagic: string };
    }
  | { readonly kind: "ws-client-closes" | "ws-client-aborts-tcp" | "ws-close"; readonly conn: string }
  | { readonly kind: "http-request"; readonly request: RecordedRequest }
  | { readonly kind: "http-response"; readonly request_seq: number; readonly response: RecordedAnswer }
);

export interface Recording {
  readonly name: string;
  readonly rows: readonly Row[];
}

const root = join(import.meta.dirname, "../../../recordings");

/** Reads the scenario that begins with `number` and a hyphen. Throws if it is missing: nothing is skipped. */
export function readRecording(number: string): Recording {
  const name = readdirSync(root).find((folder) => folder.startsWith(`${number}-`));
  if (name === undefined) throw new Error(`no recording ${number} in ${root}`);
  const lines = readFileSync(join(root, name, "traffic.jsonl"), "utf8").split("\n");
  return { name, rows: lines.filter((line) => line !== "").map((line): Row => JSON.parse(line)) };
}

/** For each request of the recording, what was answered. */
export function answersOf({ rows }: Recording): Map<number, RecordedAnswer> {
  return new Map(rows.flatMap((row) => (row.kind === "http-response" ? [[row.request_seq, row.response]] : [])));
}

/** The order of the outputs that the recorded server chose for each prompt, by prompt id. */
export function outputOrders({ rows }: Recording): Map<string, string[]> {
  const orders = new Map<string, string[]>();
  for (const row of rows) {
    const text = row.kind === "http-response" ? (row.response.body ?? "") : "";
    for (const match of text.matchAll(/"prompt": \[-?[\d.]+, "([0-9a-f-]{36})".*?, \[((?:"[^"]*"(?:, )?)+)\]\]/g)) {
      orders.set(match[1] ?? "", JSON.parse(`[${match[2]}]`));
    }
  }
  return orders;
}
