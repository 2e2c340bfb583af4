import type { HistoryRecord } from "../prompts/history.ts";
import type { PromptItem } from "../protocol/graph.ts";

/** A prompt as `/api/jobs` shows it. */
export interface JobView {
  readonly id: string;
  readonly status: string;
  readonly priority: number;
  readonly create_time: number;
  readonly execution_start_time?: number;
  readonly execution_end_time?: number;
  readonly workflow_id?: string;
  readonly [field: string]: unknown;
}

export function jobOfItem(item: PromptItem, status: "pending" | "in_progress"): JobView {
  return {
    id: item.promptId,
    status,
    priority: item.number,
    create_time: createTime(item),
    outputs_count: 0,
    previewable_outputs_count: 0,
    ...workflowId(item),
  };
}

/** An ended run; `detailed` adds what only the single view has. */
export function jobOfRecord(record: HistoryRecord, detailed: boolean): JobView {
  const { item, messages, outputs } = record;
  const last = messages.at(-1);
  const failed = messages.find(([type]) => type === "execution_error");
  const interrupted = messages.some(([type]) => type === "execution_interrupted");
  const files = Object.entries(outputs).flatMap(([nodeId, output]) =>
    Object.entries(output).flatMap(([mediaType, entries]) =>
      entries.filter(isFile).map((entry) => ({ ...entry, nodeId, mediaType })),
    ),
  );
  const text = Object.entries(outputs).flatMap(([nodeId, output]) =>
    (output.text ?? []).map((content) => ({ content, nodeId, mediaType: "text" })),
  )[0];
  // Whatever is no file counts as an output too, if it is an object.
  const objects = Object.values(outputs)
    .flatMap((output) => Object.values(output).flat())
    .filter(isObject);
  const shown = files.filter((file) => file.mediaType !== "latents");
  const preview = shown.find((file) => file.type === "output") ?? shown[0] ?? text;
  return {
    id: item.promptId,
    status: interrupted ? "cancelled" : failed === undefined ? "completed" : "failed",
    priority: item.number,
    create_time: createTime(item),
    ...timeOf("execution_start_time", messages[0]?.[1].timestamp),
    ...timeOf("execution_end_time", last?.[1].timestamp),
    ...(failed === undefined ? {} : { execution_error: failed[1] }),
    outputs_count: objects.length,
    previewable_outputs_count: shown.length,
    ...(preview === undefined ? {} : { preview_output: preview }),
    ...workflowId(item),
    ...(detailed
      ? {
          outputs: withoutNulls(outputs),
          execution_status: { status_str: record.status, completed: record.status === "success", messages },
          workflow: { prompt: item.graph, extra_data: item.extraData },
        }
      : {}),
  };
}

function withoutNulls(outputs: HistoryRecord["outputs"]): HistoryRecord["outputs"] {
  const clean = (output: Record<string, unknown[]>): Record<string, unknown[]> =>
    Object.fromEntries(
      Object.entries(output).map(([kind, entries]) => [kind, entries.filter((entry) => entry !== null)]),
    );
  return Object.fromEntries(Object.entries(outputs).map(([id, output]) => [id, clean(output)]));
}

function isObject(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null;
}

function createTime(item: PromptItem): number {
  return typeof item.extraData.create_time === "number" ? item.extraData.create_time : 0;
}

function timeOf(name: string, value: unknown): Record<string, number> {
  return typeof value === "number" ? { [name]: value } : {};
}

function workflowId(item: PromptItem): { workflow_id?: string } {
  const id = field(field(item.extraData.extra_pnginfo, "workflow"), "id");
  return typeof id === "string" ? { workflow_id: id } : {};
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isFile(entry: unknown): entry is { filename: string; type: string } {
  return typeof field(entry, "filename") === "string" && typeof field(entry, "type") === "string";
}
