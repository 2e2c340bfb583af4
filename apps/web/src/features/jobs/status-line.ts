import { type JobStage, type JobView, NOT_STOPPED } from "@darkroom/contracts";
import { formatClock, formatEta, formatEtaRange, formatPosition, formatSeconds } from "../../format.ts";
import { kindNames, pluralNames } from "./output/output-kind.ts";

type Told = Pick<
  JobView,
  | "state"
  | "stage"
  | "progress"
  | "position"
  | "etaSeconds"
  | "etaRangeSeconds"
  | "durations"
  | "outputs"
  | "attempt"
  | "failure"
  | "savedSeconds"
>;

const stages: Readonly<Record<JobStage, string>> = {
  preparing: "Preparing",
  loading: "Loading",
  sampling: "Sampling",
  saving: "Saving",
};

function running({ stage, progress }: Told): string {
  if (stage === "sampling" && progress !== null && progress.step !== null && progress.steps !== null) {
    const percent = progress.steps === 0 ? 0 : Math.round((progress.step / progress.steps) * 100);
    return `Step ${progress.step}/${progress.steps} (${percent} %)`;
  }
  // The reason why a prompt waits in the backend's own queue.
  if (stage === "preparing" && progress !== null && progress.message.startsWith("Next on "))
    return `${stages.preparing} · next${progress.message.slice("Next".length)}`;
  // A model that ComfyUI still has is not loaded: only a node that loads one says so.
  if (stage === "loading" && progress !== null && progress.message.startsWith("Loading")) return progress.message;
  return stage === null ? "Running" : stages[stage];
}

function made({ outputs, durations }: Told): string {
  const [first] = outputs;
  const isAlike = outputs.every(({ kind }) => kind === first?.kind);
  const what =
    first !== undefined && outputs.length > 1
      ? `${outputs.length} ${isAlike ? pluralNames()[first.kind] : pluralNames().file}`
      : first === undefined || first.kind === "image"
        ? "Image"
        : kindNames()[first.kind];
  return durations.run === null ? `${what} generated` : `${what} generated in ${formatSeconds(durations.run)}`;
}

function canceled({ durations, savedSeconds }: Told): string {
  if (durations.run === null || savedSeconds === null || savedSeconds < 1) return "Canceled";
  return `Canceled after ${formatSeconds(durations.run)} · about ${formatClock(Math.round(savedSeconds))} of GPU time saved`;
}

/**
 * Where a job stands, in one line that begins with its state, its stage or its step: the words a card shows and a
 * screen reader says.
 */
export function statusLine(view: Told): string {
  switch (view.state) {
    case "queued": {
      const parts = [view.attempt > 0 ? "Queued again" : "Queued"];
      if (view.position !== null) parts.push(formatPosition(view.position));
      if (view.etaSeconds !== null) parts.push(`ready in ${formatEtaRange(view.etaSeconds, view.etaRangeSeconds)}`);
      return parts.join(" · ");
    }
    case "running": {
      const eta = view.etaSeconds === null ? "" : ` · ${formatEta(view.etaSeconds)} left`;
      return `${running(view)}${eta}`;
    }
    case "canceling": {
      const message = view.progress?.message ?? "";
      return message.startsWith(NOT_STOPPED) ? `Canceling · n${message.slice(1)}` : "Canceling";
    }
    case "succeeded":
      return `Succeeded · ${made(view)}`;
    case "failed":
      return view.durations.run === null ? "Failed" : `Failed after ${formatSeconds(view.durations.run)}`;
    case "canceled":
      return canceled(view);
  }
}

/** A status line for a narrow place, without what the picture, the bar and the word before it say as well. */
export function shortLine(line: string): string {
  return line
    .replace("Image generated in ", "")
    .replace(/ \(\d+ %\)/, "")
    .replace(/(?<=· )(ready in )?(about )?(?=[\d.–]+ (s|min|h)( left)?$)/, (ready) =>
      ready.startsWith("ready") ? "in " : "",
    );
}

/** What a screen reader hears of a milestone; null for what is none. */
export function milestone(type: string, title: string): string | null {
  switch (type) {
    case "job.started":
      return `Picture started: ${title}`;
    case "job.succeeded":
      return `Picture finished: ${title}`;
    case "job.failed":
      return `Picture failed: ${title}`;
    case "job.canceled":
      return `Picture canceled: ${title}`;
    default:
      return null;
  }
}
