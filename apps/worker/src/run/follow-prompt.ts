import {
  type ComfyClient,
  failedPrompt,
  type HistoryEntry,
  type Line,
  PromptInterrupted,
  PromptLost,
  PromptRejected,
  type Subscription,
} from "@darkroom/comfyui";
import { failpoint, withDeadline } from "@darkroom/contracts";
import {
  type Attempt,
  AttemptCanceled,
  AttemptTimedOut,
  BackendWedged,
  NeverBegan,
  PromptStalled,
} from "../attempt/attempt.ts";
import { isUnreachable } from "../attempt/outcome.ts";
import type { ProgressReporter } from "../progress/progress-reporter.ts";
import { createSilence } from "./stall-timer.ts";
import { type Ending, stopPrompt } from "./stop-prompt.ts";

export interface FollowSettings {
  /** From `execution_start`, in seconds. */
  readonly timeoutSeconds: number;
  /** How long the socket may be quiet before ComfyUI is asked over HTTP. */
  readonly quietMs: number;
  /** How long after its last sign of life an unreachable backend is waited for before the job is given back. */
  readonly unreachableMs: number;
  /** How long a canceled prompt may take to stop; after that it is left to the sweep. */
  readonly cancelMs: number;
  /** How long a run may go without a frame, on a socket that hears it. */
  readonly stallMs: number;
  /** How long it may wait although nothing runs. */
  readonly wedgedMs: number;
  /** How long a late prompt that is being stopped is waited for. */
  readonly stopMs: number;
}

interface FollowParts {
  readonly client: ComfyClient;
  readonly subscription: Subscription;
  readonly reporter: ProgressReporter;
  /** The socket on which an adopted prompt is heard; null if it is the client's own. */
  readonly listener: Pick<Line, "expectFrame" | "isOpen"> | null;
  /** Seconds that an adopted prompt had run when this attempt began; null if it was not seen to run. */
  readonly runningSeconds: number | null;
  readonly settings: FollowSettings;
}

/**
 * Waits for the end of a dispatched prompt. Frames only inform: `/queue` then `/history` decide, asked when the run
 * ends, when the socket is quiet or gone, and while it is being canceled.
 *
 * Returns the history's entry of a successful run. Throws PromptRejected, PromptFailed, PromptInterrupted, PromptLost,
 * ComfyUnreachable, AttemptTimedOut, PromptStalled, BackendWedged, NeverBegan, AttemptCanceled, or the reason of the
 * attempt's abort.
 */
export async function followPrompt(attempt: Attempt, parts: FollowParts): Promise<HistoryEntry> {
  const { client, subscription, reporter, settings, listener } = parts;
  const { promptId } = subscription;
  const { signal, bell } = attempt;
  const now = (): number => performance.now();

  // The limit belongs to the prompt, however many workers follow it one after the other.
  let startedAt = parts.runningSeconds === null ? null : now() - parts.runningSeconds * 1000;
  attempt.hasBegun = startedAt !== null;
  /** The last sign of life of this prompt or, when it was asked for, of ComfyUI. */
  let heardAt = now();
  const silence = createSilence(now);
  let idleSince: number | null = null;
  let mustLook = false;
  let absences = 0;
  /** Connections that were lost since the prompt last gave a sign of itself. */
  let losses = 0;
  const listening = listen();

  try {
    if (attempt.isBehind) {
      reporter.waits();
      await failpoint("next.told");
    }
    for (;;) {
      signal.throwIfAborted();
      if (attempt.isCanceling) return endOfCanceled(await stop(settings.cancelMs));
      const left = timeLeftMs();
      if (left <= 0) throw new AttemptTimedOut(settings.timeoutSeconds, (await stop(settings.stopMs)).stopped);
      if (silence.length() >= settings.stallMs)
        throw new PromptStalled(settings.stallMs, (await stop(settings.stopMs)).stopped);
      const isLeaving = attempt.isGivenBack && !attempt.hasBegun;
      if (isLeaving) {
        await withdraw();
        await failpoint("next.withdrawn");
        mustLook = true;
      }
      if (mustLook || now() - heardAt >= settings.quietMs) {
        mustLook = false;
        const entry = await look();
        if (entry !== null) return entry;
      }
      // One who was not found, or shall leave, is looked for again at once.
      const pauseMs = isLeaving || absences > 0 ? settings.quietMs / 4 : settings.quietMs;
      const untilQuiet = Math.max(settings.quietMs / 4, heardAt + settings.quietMs - now());
      await bell.wait(Math.min(pauseMs, untilQuiet, Math.max(1, left)));
    }
  } finally {
    subscription.close();
    await listening;
  }

  async function listen(): Promise<void> {
    for await (const event of subscription) {
      switch (event.type) {
        // News of other people's prompts says nothing about this one.
        case "connected":
        case "queue-remaining":
          break;
        // A lost socket may have swallowed any frame.
        case "disconnected":
          losses += 1;
          reporter.event(event);
          silence.deaf();
          lookNow();
          break;
        // The history has the entry from here on.
        case "end":
          heardAt = now();
          reporter.event(event);
          silence.deaf();
          lookNow();
          break;
        default:
          heardAt = now();
          losses = 0;
          silence.broken();
          if (event.type === "start") begin();
          else if (event.type === "error" && event.blocked) attempt.blocked = event.failure;
          else reporter.event(event);
      }
    }
  }

  function lookNow(): void {
    mustLook = true;
    bell.ring();
  }

  function timeLeftMs(): number {
    return startedAt === null ? Number.POSITIVE_INFINITY : startedAt + settings.timeoutSeconds * 1000 - now();
  }

  /** Asks ComfyUI where the prompt is; null while it is not over. */
  async function look(): Promise<HistoryEntry | null> {
    let found: Awaited<ReturnType<ComfyClient["locate"]>>;
    await failpoint("follow.looking");
    try {
      found = await client.locate(promptId);
      heardAt = now();
    } catch (error) {
      if (!isUnreachable(error) || now() - heardAt >= settings.unreachableMs) throw error;
      return null;
    }
    switch (found.where) {
      case "running":
        absences = 0;
        // An adopted prompt's `execution_start` went to a socket that is gone: the limit counts from the first sight.
        begin();
        listenHarder();
        return null;
      case "pending":
        absences = 0;
        attempt.isBehind = !found.isNext;
        idleSince = found.isNext ? (idleSince ?? now()) : null;
        if (idleSince !== null && now() - idleSince >= settings.wedgedMs) await takeBack();
        return null;
      case "absent":
        absences += 1;
        // One answer can fall between two of ComfyUI's own steps; two in a row cannot.
        if (absences < 2) return null;
        attempt.isPromptGone = true;
        await throwRefusal();
        // It was deleted, or went down with a server that ran another one: neither is its doing.
        attempt.isPromptVoid = !attempt.hasBegun && (attempt.isGivenBack || attempt.isBehind);
        throw attempt.isPromptVoid ? new NeverBegan("it waited behind another prompt") : new PromptLost(promptId);
      case "ended":
        attempt.isPromptGone = true;
        if (found.entry.status === "interrupted") await throwRefusal();
        return endedWell(promptId, found.entry);
    }
  }

  function begin(): void {
    startedAt ??= now();
    attempt.hasBegun = true;
    reporter.started();
  }

  /** Deletes it if it still waits; the next looks tell. */
  async function withdraw(): Promise<void> {
    try {
      await client.deletePending([promptId]);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
    }
  }

  /**
   * A prompt of which only a part was accepted is taken back by the call that sent it. If that is seen before the call has
   * said why, its answer is what there is to tell.
   */
  async function throwRefusal(): Promise<void> {
    if (attempt.posting === null) return;
    const refused = attempt.posting.catch((error: unknown) => {
      if (error instanceof PromptRejected) throw error;
    });
    await withDeadline(refused, settings.unreachableMs, () => undefined);
  }

  /**
   * It runs, and nothing is heard of it. ComfyUI forgets a socket, which stays open, when an older one of the same client
   * closes: the one of the worker before us, or one of ours that died late. Dialling anew helps, and costs little where
   * it is needless; it is done ever more seldom, and the silence counts on.
   */
  function listenHarder(): void {
    const line = listener ?? client;
    if (line.isOpen()) silence.hearing();
    const patience = listener === null ? losses + 2 : losses;
    line.expectFrame(settings.quietMs * 2 ** Math.min(patience, 6));
  }

  /** Takes back a prompt that ComfyUI does not begin. Returns if it has begun meanwhile, or cannot be asked. */
  async function takeBack(): Promise<void> {
    await client.deletePending([promptId]);
    const found = await client.locate(promptId);
    if (found.where !== "absent") return;
    attempt.isPromptGone = true;
    attempt.isPromptVoid = true;
    attempt.isBackendBroken = true;
    throw new BackendWedged("a prompt that was next did not begin");
  }

  function stop(withinMs: number): Promise<Ending> {
    const { quietMs, unreachableMs } = settings;
    return stopPrompt(attempt, { client, promptId, withinMs, pauseMs: quietMs / 4, unreachableMs });
  }

  /** A cancel that came too late changes nothing: what had succeeded is collected. */
  function endOfCanceled({ stopped, found }: Ending): HistoryEntry {
    if (found?.where === "ended") return endedWell(promptId, found.entry);
    throw new AttemptCanceled(found === null ? `${stopped}; left to the sweep` : "deleted before it ran");
  }
}

/** The entry of a successful run; throws what any other ending means. */
export function endedWell(promptId: string, entry: HistoryEntry): HistoryEntry {
  switch (entry.status) {
    case "success":
      return entry;
    case "interrupted":
      throw new PromptInterrupted(promptId);
    case "error":
      throw failedPrompt(
        promptId,
        entry.error ?? { nodeId: null, nodeType: null, exceptionType: "Exception", message: "", traceback: [] },
      );
  }
}
