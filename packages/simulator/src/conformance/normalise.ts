import { parsePythonJson, parsePythonOutput } from "../protocol/python-json.ts";
import type { RecordedBinary } from "./recording.ts";

/** A frame taken apart; its ids and times are still its own. */
export interface RawFrame {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

const numbersByType = new Set([
  "timestamp",
  "create_time",
  "execution_start_time",
  "execution_end_time",
  "number",
  "priority",
]);
const setsInAnyOrder = new Set(["executed", "current_outputs"]);
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Recorded ids by the simulator's; what is not in it is left as it is. */
export type Names = ReadonlyMap<string, string>;

function normaliseValue(value: unknown, names: Names, key = ""): unknown {
  if (numbersByType.has(key) && typeof value === "number") return "<number>";
  if (key === "sid" && typeof value === "string" && /^[0-9a-f]{32}$/.test(value)) return "<sid>";
  if (key === "traceback" && Array.isArray(value)) return value.length === 0 ? [] : ["<lines>"];
  if (typeof value === "string") return normaliseText(value, names);
  if (typeof value === "bigint") return `${value}`;
  if (Array.isArray(value)) {
    const items = value.map((item) => normaliseValue(item, names));
    return setsInAnyOrder.has(key) ? items.sort() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [normaliseText(name, names), normaliseValue(entry, names, name)]),
  );
}

function normaliseText(text: string, names: Names): string {
  if (text.startsWith("tensor(")) return "<tensor>";
  if (/^<comfy_api.* at 0x[0-9a-f]+>$/.test(text)) return "<object>";
  if (text.startsWith("{'")) return "<dict>";
  return text
    .replace(uuid, (id) => names.get(id) ?? id)
    .replace(/_\d{5}_/g, "_#####_")
    .replace(/ComfyUI_temp_[a-z]{5}(?:_\d{5})?/g, "ComfyUI_temp_#####")
    .replace(/^(day\/)\d{4}-\d{2}$/, "$1<month>");
}

/** An item of the queue or the history is `[number, id, …]`: its number counts from the server's start. */
export function normaliseBody(text: string, names: Names): unknown {
  const value = normaliseValue(parseExactly(text), names);
  return withoutItemNumbers(value);
}

function parseExactly(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    return parsePythonOutput(text);
  }
}

function withoutItemNumbers(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, second] = value;
    const isItem = value.length === 5 && typeof first === "number" && typeof second === "string";
    return isItem ? ["<number>", ...value.slice(1)] : value.map(withoutItemNumbers);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutItemNumbers(entry)]));
}

export function parseTextFrame(text: string): RawFrame {
  return parsePythonOutput(text) as RawFrame;
}

export function parseBinaryFrame({ eventType, metadata, payloadMagic = "", nodeId, text }: RecordedBinary): RawFrame {
  const picture = payloadMagic.startsWith("ff d8") ? "jpeg" : payloadMagic.slice(0, 11);
  const about = metadata === undefined ? null : JSON.parse(metadata);
  return { type: `binary-${eventType}`, data: eventType === 3 ? { nodeId, text } : { metadata: about, picture } };
}

export function normaliseFrame(frame: RawFrame, names: Names): RawFrame {
  return normaliseValue(frame, names) as RawFrame;
}

const stepTypes = new Set(["progress_state", "progress", "binary-1", "binary-4"]);

/**
 * Says of each frame in turn whether it counts. Statuses fall anywhere in between; steps between the first and the last
 * of a node are decided by a clock: a throttled or interrupted run shows now more of them, now fewer. Of a run that is
 * joined midway not even the first step is sure.
 */
export function createFrameFilter(joinsMidway: boolean): (frame: RawFrame) => boolean {
  const first = joinsMidway ? 1 : 2;
  let inMiddle = false;
  return (frame) => {
    if (frame.type === "progress_state" || frame.type === "progress")
      inMiddle = isStepBetween(frame.data as StepData, first);
    return frame.type !== "status" && !(inMiddle && stepTypes.has(frame.type));
  };
}

interface State {
  readonly value?: number;
  readonly max?: number;
  readonly state: string;
}

interface StepData {
  readonly nodes?: Readonly<Record<string, State>>;
  readonly value?: number;
  readonly max?: number;
}

function isStepBetween({ nodes, value = 0, max = 0 }: StepData, first: number): boolean {
  const states = nodes === undefined ? [{ value, max, state: "running" }] : Object.values(nodes);
  return states.some(
    (state) =>
      state.state === "running" &&
      (state.value ?? 0) >= first &&
      (state.max ?? 0) > 1 &&
      (state.value ?? 0) < (state.max ?? 0),
  );
}
