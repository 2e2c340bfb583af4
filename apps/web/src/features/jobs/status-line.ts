import { type JobStage, type JobView, NOT_STOPPED, type OutputKind } from "@darkroom/contracts";
import { estimate, formatClock, formatEta, formatPosition, formatSeconds } from "../../format.ts";
import { t, tPlural, tServer } from "../../language/say.ts";
import { kindNames } from "./output/output-kind.ts";

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

const stages = (): Readonly<Record<JobStage, string>> => ({
  preparing: t`Preparing`,
  loading: t`Loading`,
  sampling: t`Sampling`,
  saving: t`Saving`,
});

/** What the worker says, behind another word. */
const continued = (message: string): string => {
  const said = tServer(message);
  return said.charAt(0).toLowerCase() + said.slice(1);
};

function waiting({ attempt, position, etaSeconds, etaRangeSeconds }: Told, isShort: boolean): string {
  const parts = [attempt > 0 ? t`Queued again` : t`Queued`];
  if (position !== null) parts.push(formatPosition(position));
  if (etaSeconds !== null) {
    const eta = estimate(etaSeconds, etaRangeSeconds);
    const isBare = isShort && eta.is === "about";
    parts.push(isBare ? t`in ${eta.amount}` : t`ready in ${formatEta(etaSeconds, etaRangeSeconds)}`);
  }
  return parts.join(" · ");
}

function doing({ stage, progress }: Told, isShort: boolean): string {
  if (stage === "sampling" && progress !== null && progress.step !== null && progress.steps !== null) {
    const { step, steps } = progress;
    if (isShort) return t`Step ${step}/${steps}`;
    return t`Step ${step}/${steps} (${steps === 0 ? 0 : Math.round((step / steps) * 100)} %)`;
  }
  // The reason why a prompt waits in the backend's own queue.
  if (stage === "preparing" && progress !== null && progress.message.startsWith("Next on "))
    return `${t`Preparing`} · ${continued(progress.message)}`;
  // A model that ComfyUI still has is not loaded: only a node that loads one says so.
  if (stage === "loading" && progress !== null && progress.message.startsWith("Loading"))
    return tServer(progress.message);
  return stage === null ? t`Running` : stages()[stage];
}

function left(seconds: number, isShort: boolean): string {
  const eta = estimate(seconds);
  if (eta.is === "moment") return t`a moment left`;
  return isShort ? t`${eta.amount} left` : t`about ${eta.amount} left`;
}

function running(view: Told, isShort: boolean): string {
  const does = doing(view, isShort);
  return view.etaSeconds === null ? does : `${does} · ${left(view.etaSeconds, isShort)}`;
}

/** A number of outputs in words, by their kind. */
const several = (count: number): Readonly<Record<OutputKind, () => string>> => ({
  image: () => tPlural(count, "{0} picture", "{0} pictures"),
  animation: () => tPlural(count, "{0} animation", "{0} animations"),
  video: () => tPlural(count, "{0} video", "{0} videos"),
  audio: () => tPlural(count, "{0} sound", "{0} sounds"),
  text: () => tPlural(count, "{0} text", "{0} texts"),
  model: () => tPlural(count, "{0} 3D model", "{0} 3D models"),
  file: () => tPlural(count, "{0} file", "{0} files"),
});

function made({ outputs, durations: { run } }: Told): string {
  const [first] = outputs;
  const kind = first?.kind ?? "image";
  const what =
    outputs.length > 1
      ? several(outputs.length)[outputs.every((output) => output.kind === kind) ? kind : "file"]()
      : kind === "image"
        ? t`Image`
        : kindNames()[kind];
  return run === null ? t`${what} generated` : t`${what} generated in ${formatSeconds(run)}`;
}

/**
 * How long the one picture of a finished job took, and what stands around that in its line; null for every other job. That it is an
 * image is seen, so that a narrow place shows the time alone.
 */
export function pictureTime(
  view: Told,
): { readonly time: string; readonly before: string; readonly after: string } | null {
  const { state, outputs, durations } = view;
  const isPicture = outputs.length < 2 && (outputs[0]?.kind ?? "image") === "image";
  if (state !== "succeeded" || !isPicture || durations.run === null) return null;
  const time = formatSeconds(durations.run);
  const [before = "", after = ""] = made(view).split(time);
  return { time, before, after };
}

function canceled({ durations, savedSeconds }: Told, isShort: boolean): string {
  if (durations.run === null || savedSeconds === null || savedSeconds < 1) return t`Canceled`;
  const [ran, saved] = [formatSeconds(durations.run), formatClock(Math.round(savedSeconds))];
  return isShort ? t`Canceled after ${ran}` : t`Canceled after ${ran} · about ${saved} of GPU time saved`;
}

/** @param isShort for a narrow place, without what the picture, the bar and the word before it say as well */
function lineOf(view: Told, isShort: boolean): string {
  switch (view.state) {
    case "queued":
      return waiting(view, isShort);
    case "running":
      return running(view, isShort);
    case "canceling": {
      const message = view.progress?.message ?? "";
      return message.startsWith(NOT_STOPPED) ? `${t`Canceling`} · ${continued(message)}` : t`Canceling`;
    }
    case "succeeded":
      return `${t`Succeeded`} · ${(isShort ? pictureTime(view)?.time : undefined) ?? made(view)}`;
    case "failed":
      return view.durations.run === null ? t`Failed` : t`Failed after ${formatSeconds(view.durations.run)}`;
    case "canceled":
      return canceled(view, isShort);
  }
}

/**
 * Where a job stands, in one line that begins with its state, its stage or its step: the words a card shows and a
 * screen reader says.
 */
export const statusLine = (view: Told): string => lineOf(view, false);

/** {@link statusLine} for a narrow place: `Succeeded · 3.2 s`, `Step 7/20 · 3 s left`. */
export const shortLine = (view: Told): string => lineOf(view, true);

/** What a screen reader hears of a milestone; null for what is none. */
export function milestone(type: string, title: string): string | null {
  switch (type) {
    case "job.started":
      return t`Picture started: ${title}`;
    case "job.succeeded":
      return t`Picture finished: ${title}`;
    case "job.failed":
      return t`Picture failed: ${title}`;
    case "job.canceled":
      return t`Picture canceled: ${title}`;
    default:
      return null;
  }
}
