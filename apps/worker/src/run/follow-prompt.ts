import {
  type ComfyClient,
  type ComfyEvent,
  isRefused,
  type Line,
  PromptRejected,
  type Subscription,
} from "@darkroom/comfyui";
import { failpoint, withDeadline } from "@darkroom/contracts";
import type { Attempt } from "../attempt/attempt.ts";
import { type Ending, type Finished, isUnreachable } from "../attempt/ending.ts";
import type { ProgressReporter } from "../progress/progress-reporter.ts";
import { endingOfEntry } from "./ending-of-entry.ts";
import {
  type FollowLimits,
  type Gone,
  heard,
  initialPhase,
  isWedged,
  looked,
  looking,
  next,
  type PromptPhase,
  type StopReason,
  unanswered,
} from "./prompt-phase.ts";
import { stopPrompt } from "./stop-prompt.ts";

export interface FollowSettings extends FollowLimits {
  /** How long after its last sign of life an unreachable backend is waited for before the job is released. */
  readonly unreachableMs: number;
  /** How long a canceled prompt may take to stop; after that it is left to the sweep. */
  readonly cancelMs: number;
  /** How long a late prompt that is being stopped is waited for. */
  readonly stopMs: number;
}

interface FollowParts {
  readonly client: ComfyClient;
  readonly subscription: Subscription;
  readonly reporter: ProgressReporter;
  /** The socket on which an adopted prompt is heard; null if it is the client's own. */
  readonly listener: Pick<Line, "expectFrame" | "isOpen"> | null;
  /** The call that sent the prompt, if its answer is still awaited although the prompt is known to be there. */
  readonly posting: Promise<unknown> | null;
  /** Seconds that an adopted prompt had run when this attempt began; null if it was not seen to run. */
  readonly runningSeconds: number | null;
  readonly settings: FollowSettings;
}

/** One prompt that is followed, and the one place that holds what is known of it. */
interface Following extends FollowParts {
  readonly attempt: Attempt;
  readonly promptId: string;
  phase: PromptPhase;
}

const now = (): number => performance.now();

/**
 * Waits for the end of a dispatched prompt. Frames only inform: `/queue` then `/history` decide, asked when the run
 * ends, when the socket is quiet or gone, and while it is being canceled.
 *
 * Throws what the client throws (ComfyUnreachable once the backend is gone or was silent for too long), and the AbortError of the
 * attempt's signal. Closes the subscription.
 */
export async function followPrompt(attempt: Attempt, parts: FollowParts): Promise<Finished | Ending> {
  const { subscription, settings } = parts;
  const { promptId } = subscription;
  const following: Following = { ...parts, attempt, promptId, phase: initialPhase(now(), parts.runningSeconds) };
  noteBegin(following);
  const listening = listen(following);
  try {
    if (attempt.isBehind) {
      parts.reporter.waits();
      await failpoint("next.told");
    }
    for (;;) {
      attempt.signal.throwIfAborted();
      const step = next(following.phase, attempt.asked, now(), settings);
      switch (step.type) {
        case "over":
          return await over(following, step.found);
        case "stop":
          return await stop(following, step.because);
        case "look":
          if (step.withdraws) await withdraw(following);
          if ((await look(following)) && isWedged(following.phase, now(), settings) && (await takeBack(following)))
            return { type: "wedged" };
          break;
        case "wait":
          await attempt.wakeup.wait(step.ms);
      }
    }
  } finally {
    subscription.close();
    await listening;
  }
}

async function listen(following: Following): Promise<void> {
  const { subscription, attempt, reporter } = following;
  for await (const event of subscription) {
    following.phase = heard(following.phase, event, now());
    noteBegin(following);
    tell(reporter, event);
    if (following.phase.mustLook) attempt.wakeup.notify();
  }
}

function tell(reporter: ProgressReporter, event: ComfyEvent): void {
  switch (event.type) {
    case "connected":
    case "queue-remaining":
      return;
    case "start":
      reporter.started();
      return;
    case "error":
      // The run goes on after a blocked output, and its progress with it.
      if (!event.blocked) reporter.event(event);
      return;
    default:
      reporter.event(event);
  }
}

function noteBegin({ attempt, phase }: Following): void {
  if (phase.startedAt !== null && attempt.phase === "waiting") attempt.advance("running");
}

/** Asks ComfyUI where the prompt is. False if it did not answer; throws once it is gone, or has been silent for too long. */
async function look(following: Following): Promise<boolean> {
  const { attempt, client, promptId, reporter, settings } = following;
  following.phase = looking(following.phase, now());
  await failpoint("follow.looking");
  try {
    const found = await client.locate(promptId, following.phase);
    const line = following.listener ?? client;
    following.phase = looked(following.phase, found, now(), line.isOpen());
    noteBegin(following);
    if (found.where === "pending") attempt.queued(!found.isNext);
    if (found.where === "running") {
      reporter.started();
      listenHarder(following);
    }
    return true;
  } catch (error) {
    const isGivenUp = isRefused(error) || now() - following.phase.heardAt >= settings.unreachableMs;
    if (isGivenUp || !isUnreachable(error)) throw error;
    following.phase = unanswered(following.phase);
    return false;
  }
}

/**
 * Dials anew if no frame comes soon: the prompt runs, and nothing may be heard of it. ComfyUI forgets a socket, which stays
 * open, when an older one of the same client closes: the one of the worker before us, or one of ours that died late.
 * Dialling costs little where it is needless, and is done ever more seldom.
 */
function listenHarder({ listener, client, phase, settings }: Following): void {
  const line = listener ?? client;
  const patience = listener === null ? phase.losses + 2 : phase.losses;
  line.expectFrame(settings.quietMs * 2 ** Math.min(patience, 6));
}

/** Deletes the prompt if it still waits; the next look tells. */
async function withdraw({ client, promptId }: Following): Promise<void> {
  try {
    await client.deletePending([promptId]);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  await failpoint("next.withdrawn");
}

/** Takes back a prompt that ComfyUI does not begin. False if it has begun meanwhile. */
async function takeBack({ attempt, client, promptId }: Following): Promise<boolean> {
  await client.deletePending([promptId]);
  const found = await client.locate(promptId);
  if (found.where !== "absent") return false;
  attempt.advance(attempt.phase === "waiting" ? "void" : "over");
  return true;
}

/** What it means that the prompt is neither waiting nor running any more. */
async function over(following: Following, found: Gone): Promise<Finished | Ending> {
  const { attempt, posting, settings, phase } = following;
  const isInterrupted = found.where === "ended" && found.entry.status === "interrupted";
  const refusal =
    posting !== null && (found.where === "absent" || isInterrupted)
      ? await withDeadline(refusalOf(posting), settings.unreachableMs, () => null)
      : null;
  // A prompt that we withdrew, or that went down with a server while another ran, is not to blame for anything.
  const isBlameless = attempt.phase === "waiting" && (attempt.asked === "release" || attempt.isBehind);
  const isVoid = found.where === "absent" && refusal === null && isBlameless;
  attempt.advance(isVoid ? "void" : "over");
  if (refusal !== null) return { type: "rejected", refusal };
  if (found.where === "ended") return endingOfEntry(found.entry, phase.blocked);
  return { type: isVoid ? "never-began" : "lost" };
}

/**
 * What the call that sent the prompt was refused with; null if it was not. The client takes a prompt back of which only a part
 * was accepted: if that is seen before the call has failed, its refusal is the reason.
 */
async function refusalOf(posting: Promise<unknown>): Promise<PromptRejected | null> {
  return await posting.then(
    () => null,
    (error: unknown) => (error instanceof PromptRejected ? error : null),
  );
}

async function stop(following: Following, because: StopReason): Promise<Finished | Ending> {
  const { attempt, client, promptId, phase, reporter, settings } = following;
  const { quietMs, unreachableMs, timeoutSeconds, stallMs } = settings;
  const withinMs = because === "canceled" ? settings.cancelMs : settings.stopMs;
  const { stopped, found } = await stopPrompt(attempt, {
    client,
    promptId,
    withinMs,
    pauseMs: quietMs / 4,
    tellAfterMs: quietMs,
    onGoingOn: reporter.goesOn,
    unreachableMs,
  });
  switch (because) {
    case "canceled": {
      // A cancel that came too late changes nothing: what had succeeded is collected.
      const end = found?.where === "ended" ? endingOfEntry(found.entry, phase.blocked) : null;
      return end?.type === "finished" ? end : { type: "canceled", stopped };
    }
    case "timed-out":
      return { type: "timed-out", timeoutSeconds, stopped };
    case "stalled":
      return { type: "stalled", stallMs, stopped };
  }
}
