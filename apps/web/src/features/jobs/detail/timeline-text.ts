import type { OutputKind } from "@darkroom/contracts";
import { t, tServer } from "../../../language/say.ts";
import { retryReasons } from "../retry-reasons.ts";

/** One entry of a job's timeline, in words. `payload` holds the fields of the event's type. */
export interface TimelineItem {
  readonly type: string;
  readonly at: string;
  readonly attempt: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

const stages = (): Readonly<Record<string, string>> => ({
  preparing: t`Preparing inputs`,
  loading: t`Loading`,
  sampling: t`Sampling`,
  saving: t`Saving`,
});

/** What ComfyUI said of a canceled job's prompt. */
const stops = (): Readonly<Record<string, string>> => ({
  removed: t`ComfyUI no longer holds it`,
  interrupted: t`ComfyUI confirmed that it stopped`,
  freed: t`ComfyUI stopped it once it was told to free its memory`,
  stuck: t`ComfyUI has not stopped it yet; that server gets nothing else until it has`,
  unreachable: t`ComfyUI does not answer; it is removed there as soon as it does`,
});

function text(payload: TimelineItem["payload"], key: string): string | null {
  const value = payload[key];
  return typeof value === "string" ? value : null;
}

function failureMessage(payload: TimelineItem["payload"]): string | null {
  const { failure } = payload;
  if (typeof failure !== "object" || failure === null || !("message" in failure)) return null;
  return tServer(String(failure.message));
}

/** That an output was stored, by its kind. */
const storedTitles = (): Readonly<Record<OutputKind, string>> => ({
  image: t`Picture stored`,
  animation: t`Animation stored`,
  video: t`Video stored`,
  audio: t`Sound stored`,
  text: t`Text stored`,
  model: t`3D model stored`,
  file: t`File stored`,
});

function storedTitle({ output }: TimelineItem["payload"]): string {
  const kind = typeof output === "object" && output !== null && "kind" in output ? String(output.kind) : "";
  const titles: Readonly<Record<string, string>> = storedTitles();
  return titles[kind] ?? t`File stored`;
}

/** What happened, and what is to be added to it. */
export function timelineText({ type, payload }: TimelineItem): { title: string; detail: string | null } {
  switch (type) {
    case "job.queued":
      return { title: t`Joined the queue`, detail: null };
    case "job.started":
      return { title: t`Started`, detail: text(payload, "backend") };
    case "job.staged":
      return { title: stages()[text(payload, "stage") ?? ""] ?? t`Went on`, detail: null };
    case "output.created":
      return { title: storedTitle(payload), detail: null };
    case "output.removed":
      return { title: t`A file was removed`, detail: null };
    case "output.favorited":
      return { title: payload.favorite === true ? t`Marked as a favorite` : t`No favorite any more`, detail: null };
    case "job.retried":
      return {
        title: t`Back in the queue: ${retryReasons()[text(payload, "reason") ?? ""] ?? t`to be tried again`}`,
        detail: failureMessage(payload),
      };
    case "job.canceling":
      return { title: t`Cancel asked for`, detail: null };
    case "job.succeeded":
      return { title: t`Succeeded`, detail: null };
    case "job.failed":
      return { title: t`Failed`, detail: failureMessage(payload) };
    case "job.canceled":
      return { title: t`Canceled`, detail: stops()[text(payload, "stopped") ?? ""] ?? null };
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
