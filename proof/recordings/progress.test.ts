import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { advance, initialProgress, type ProgressReport, reportOf } from "../../apps/worker/src/progress/progress.ts";
import { frameOf } from "../../apps/worker/src/progress/progress-reporter.ts";
import { createRunRecorder } from "../../apps/worker/src/progress/run-recorder.ts";
import { type ComfyEvent, liftFrame } from "../../packages/comfyui/src/events.ts";
import { decodeTextFrame } from "../../packages/comfyui/src/messages.ts";
import { type Graph, graphSchema } from "../../packages/contracts/src/workflow/workflow.ts";

// What real servers said, read as the worker reads it: is what people are shown true?

interface Row {
  readonly kind: string;
  readonly seq: number;
  readonly conn?: string;
  readonly dir?: string;
  readonly text?: string;
  readonly request?: { readonly path: string; readonly body?: string };
  readonly request_seq?: number;
  readonly response?: { readonly status: number; readonly body?: string | null };
}

interface Run {
  readonly title: string;
  readonly graph: Graph;
  /** Some of the graph was not to run: only some outputs were asked for, or were valid. */
  readonly isPartial: boolean;
  readonly events: readonly ComfyEvent[];
}

const root = join(import.meta.dirname, "../../packages/simulator/recordings");

/** The prompts of a recording as each socket heard them; those that nobody heard are left out. */
function runsOf(file: string): Run[] {
  const rows = readFileSync(join(root, file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Row => JSON.parse(line));
  const graphs = new Map<string, Pick<Run, "graph" | "isPartial">>();
  const heard = new Map<string, { promptId: string; events: ComfyEvent[] }>();
  const bodies = new Map(
    rows.flatMap(({ seq, request }) => (request?.body === undefined ? [] : [[seq, request.body]])),
  );
  for (const row of rows) {
    const promptId = /^\{"prompt_id": ?"([^"]+)"/.exec(row.response?.body ?? "")?.[1];
    if (promptId !== undefined) {
      const asked = JSON.parse(bodies.get(row.request_seq ?? -1) ?? "{}");
      const graph = graphSchema.safeParse(asked.prompt);
      const isPartial =
        asked.partial_execution_targets !== undefined || !/"node_errors": ?\{\}/.test(row.response?.body ?? "");
      if (graph.success) graphs.set(promptId, { graph: graph.data, isPartial });
    }
    if (row.kind !== "ws-text" || row.dir !== "server->client") continue;
    const frame = decodeTextFrame(row.text ?? "");
    const lifted = typeof frame === "string" ? null : liftFrame(frame);
    if (lifted?.promptId == null) continue;
    const key = `${row.conn} ${lifted.promptId}`;
    const run = heard.get(key) ?? { promptId: lifted.promptId, events: [] };
    run.events.push(lifted.event);
    heard.set(key, run);
  }
  return [...heard].flatMap(([title, { promptId, events }]) => {
    const known = graphs.get(promptId);
    return known === undefined ? [] : [{ title: `${file} ${title}`, ...known, events }];
  });
}

function reportsOf({ graph, events }: Run): ProgressReport[] {
  let state = initialProgress(graph);
  return events.map((event, index) => {
    const frame = frameOf(event);
    if (frame !== null) state = advance(state, frame, index * 100);
    return reportOf(state);
  });
}

const has = ({ events }: Run, type: ComfyEvent["type"]): boolean => events.some((event) => event.type === type);

const runs: readonly Run[] = globSync("**/traffic.jsonl", { cwd: root }).flatMap((file) => runsOf(file));

test("people are shown only what is so: nodes that are there, steps within their count, nothing that falls", () => {
  expect(runs.length).toBeGreaterThan(60);
  for (const run of runs) {
    let before: ProgressReport | null = null;
    for (const report of reportsOf(run)) {
      expect(report.progress, run.title).toBeGreaterThanOrEqual(before?.progress ?? 0);
      expect(report.progress, run.title).toBeLessThanOrEqual(99);
      expect(report.nodesDone, run.title).toBeGreaterThanOrEqual(before?.nodesDone ?? 0);
      expect(report.nodesDone, run.title).toBeLessThanOrEqual(report.nodesTotal);
      if (report.node !== null) expect(Object.keys(run.graph), run.title).toContain(report.node);
      if (report.step !== null) {
        expect(report.step, run.title).toBeLessThanOrEqual(report.steps ?? 0);
        expect(report.message, run.title).toBe(`Step ${report.step}/${report.steps}`);
      }
      before = report;
    }
  }
});

test("at the end of a run that was heard whole every node is done and on record, whether it ran or was cached", () => {
  const whole = runs.filter((run) => !run.isPartial && has(run, "start") && has(run, "success") && !has(run, "error"));
  expect(whole.length).toBeGreaterThan(30);
  for (const run of whole) {
    const last = reportsOf(run).at(-1);
    expect({ title: run.title, done: last?.nodesDone }).toEqual({ title: run.title, done: last?.nodesTotal });
    const recorder = createRunRecorder(run.graph);
    for (const event of run.events) recorder.event(event);
    const record = recorder.record(null);
    expect(record?.isWhole, run.title).toBe(true);
    const known = [...(record?.nodes ?? []).map(({ node }) => node), ...(record?.cached ?? [])];
    expect(known.sort(), run.title).toEqual(Object.keys(run.graph).sort());
  }
});

test("the sampler of the recorded run is told step by step, as people count", () => {
  const [run] = runsOf("0.33.0/02b-success-progress-metadata-previews/traffic.jsonl");
  if (run === undefined) throw new Error("the recording has no run");
  const told = reportsOf(run).flatMap(({ step, steps }) => (step === null ? [] : [`${step}/${steps}`]));
  expect([...new Set(told)]).toEqual(["1/4", "2/4", "3/4", "4/4"]);
});
