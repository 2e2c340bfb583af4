import { tServer } from "../../../language/say.ts";
import { kindNames } from "../output/output-kind.ts";
import { retryReasons } from "../retry-reasons.ts";

/** One entry of a job's timeline, in words. `payload` holds the fields of the event's type. */
export interface TimelineItem {
  readonly type: string;
  readonly at: string;
  readonly attempt: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

const stages: Readonly<Record<string, string>> = {
  preparing: "Preparing inputs",
  loading: "Loading",
  sampling: "Sampling",
  saving: "Saving",
};

/** What ComfyUI said of a canceled job's prompt. */
const stops: Readonly<Record<string, string>> = {
  removed: "ComfyUI no longer holds it",
  interrupted: "ComfyUI confirmed that it stopped",
  freed: "ComfyUI stopped it once it was told to free its memory",
  stuck: "ComfyUI has not stopped it yet; that server gets nothing else until it has",
  unreachable: "ComfyUI does not answer; it is removed there as soon as it does",
};

function text(payload: TimelineItem["payload"], key: string): string | null {
  const value = payload[key];
  return typeof value === "string" ? value : null;
}

function failureMessage(payload: TimelineItem["payload"]): string | null {
  const { failure } = payload;
  if (typeof failure !== "object" || failure === null || !("message" in failure)) return null;
  return tServer(String(failure.message));
}

function storedName({ output }: TimelineItem["payload"]): string {
  if (typeof output !== "object" || output === null || !("kind" in output)) return "File";
  return Object.entries(kindNames).find(([kind]) => kind === output.kind)?.[1] ?? "File";
}

/** What happened, and what is to be added to it. */
export function timelineText({ type, payload }: TimelineItem): { title: string; detail: string | null } {
  switch (type) {
    case "job.queued":
      return { title: "Queued", detail: null };
    case "job.started":
      return { title: "Started", detail: text(payload, "backend") };
    case "job.staged":
      return { title: stages[text(payload, "stage") ?? ""] ?? "Went on", detail: null };
    case "output.created":
      return { title: `${storedName(payload)} stored`, detail: null };
    case "output.removed":
      return { title: "A file was removed", detail: null };
    case "output.favorited":
      return { title: payload.favorite === true ? "Marked as a favorite" : "No favorite any more", detail: null };
    case "job.retried":
      return {
        title: `Back in the queue: ${retryReasons[text(payload, "reason") ?? ""] ?? "to be tried again"}`,
        detail: failureMessage(payload),
      };
    case "job.canceling":
      return { title: "Cancel asked for", detail: null };
    case "job.succeeded":
      return { title: "Succeeded", detail: null };
    case "job.failed":
      return { title: "Failed", detail: failureMessage(payload) };
    case "job.canceled":
      return { title: "Canceled", detail: stops[text(payload, "stopped") ?? ""] ?? null };
    default:
      return { title: type, detail: null };
  }
}

/** Seconds from the entry before; null for the first. */
export function secondsSince(items: readonly { readonly at: string }[], index: number): number | null {
  const [item, before] = [items[index], items[index - 1]];
  return item === undefined || before === undefined
    ? null
    : Math.max(0, (Date.parse(item.at) - Date.parse(before.at)) / 1000);
}
