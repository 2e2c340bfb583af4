import {
  type ComfyClient,
  failedPrompt,
  type HistoryEntry,
  PromptInterrupted,
  PromptLost,
  type Subscription,
} from "@darkroom/comfyui";
import { failpoint } from "@darkroom/contracts";
import { type Attempt, AttemptCanceled, AttemptTimedOut, BackendWedged, PromptStalled } from "./attempt.ts";
import { isUnreachable } from "./outcome.ts";
import type { ProgressReporter } from "./progress-reporter.ts";

export interface FollowSettings {
  /** From `execution_start`, in seconds. */
  readonly timeoutSeconds: number;
  /** How long the socket may be quiet before ComfyUI is asked over HTTP. */
  readonly quietMs: number;
  /** How long an unreachable backend is waited for before the job is given back. */
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
  readonly listener: Pick<ComfyClient, "expectFrame"> | null;
  /** Seconds that an adopted prompt had run when this attempt began; null if it was not seen to run. */
  readonly runningSeconds: number | null;
  readonly settings: FollowSettings;
}

/**
 * Waits for the end of a dispatched prompt. Frames only inform: `/queue` then `/history` decide, asked when the run
 * ends, when the socket is quiet or gone, and while it is being canceled.
 *
 * Returns the history's entry of a successful run. Throws PromptFailed, PromptInterrupted, PromptLost,
 * ComfyUnreachable, AttemptTimedOut, PromptStalled, BackendWedged, AttemptCanceled, or the reason of the attempt's abort.
 */
export async function followPrompt(attempt: Attempt, parts: FollowParts): Promise<HistoryEntry> {
  const { client, subscription, reporter, settings } = parts;
  const { promptId } = subscription;
  const { signal, bell } = attempt;
  const now = (): number => performance.now();

  // The limit belongs to the prompt, however many workers follow it one after the other.
  let startedAt = parts.runningSeconds === null ? null : now() - parts.runningSeconds * 1000;
  let heardAt = now();
  /** The last frame of this prompt; null while the socket may not hear it, so that silence says nothing. */
  let movedAt: number | null = null;
  let idleSince: number | null = null;
  let mustLook = false;
  const listening = listen();

  let unreachableSince: number | null = null;
  let absences = 0;
  let cancelSince: number | null = null;

  try {
    for (;;) {
      signal.throwIfAborted();
      const left = timeLeftMs();
      if (left <= 0) {
        await stopAndWait();
        throw new AttemptTimedOut(settings.timeoutSeconds);
      }
      if (movedAt !== null && now() - movedAt >= settings.stallMs) {
        await stopAndWait();
        throw new PromptStalled(settings.stallMs);
      }
      if (attempt.isCanceling) {
        cancelSince ??= now();
        await stopPrompt();
        if (now() - cancelSince > settings.cancelMs) throw new AttemptCanceled("it does not stop; left to the sweep");
        mustLook = true;
      }
      if (mustLook || now() - heardAt >= settings.quietMs) {
        mustLook = false;
        const entry = await look();
        if (entry !== null) return entry;
      }
      // While it is being canceled each look is worth more than the quiet it costs.
      const pauseMs = attempt.isCanceling || absences > 0 ? settings.quietMs / 4 : settings.quietMs;
      const untilQuiet = Math.max(settings.quietMs / 4, heardAt + settings.quietMs - now());
      await bell.wait(Math.min(pauseMs, untilQuiet, Math.max(1, left)));
    }
  } finally {
    subscription.close();
    await listening;
  }

  async function listen(): Promise<void> {
    for await (const event of subscription) {
      // News of other people's prompts says nothing about this one.
      if (event.type !== "queue-remaining" && event.type !== "connected") heardAt = now();
      switch (event.type) {
        case "start":
          movedAt = now();
          startedAt ??= now();
          reporter.started();
          break;
        // The history has the entry from `end` on; a lost socket may have swallowed any frame.
        case "end":
        case "disconnected":
          reporter.event(event);
          movedAt = null;
          mustLook = true;
          bell.ring();
          break;
        case "connected":
        case "queue-remaining":
          break;
        default:
          movedAt = now();
          reporter.event(event);
      }
    }
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
      unreachableSince = null;
      heardAt = now();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      unreachableSince ??= now();
      if (now() - unreachableSince >= settings.unreachableMs) throw error;
      return null;
    }
    switch (found.where) {
      case "running":
        absences = 0;
        // An adopted prompt's `execution_start` went to a socket that is gone: the limit counts from the first sight.
        startedAt ??= now();
        reporter.started();
        // The worker before us may have closed its socket after we dialled; then ComfyUI forgets ours, which stays open.
        parts.listener?.expectFrame(settings.quietMs);
        return null;
      case "pending":
        absences = 0;
        idleSince = found.isNext ? (idleSince ?? now()) : null;
        if (idleSince !== null && now() - idleSince >= settings.wedgedMs) await takeBack();
        return null;
      case "absent":
        if (attempt.isCanceling) {
          attempt.isPromptGone = true;
          throw new AttemptCanceled("deleted before it ran");
        }
        absences += 1;
        // One answer can fall between two of ComfyUI's own steps; two in a row cannot.
        if (absences < 2) return null;
        attempt.isPromptGone = true;
        throw new PromptLost(promptId);
      case "ended":
        attempt.isPromptGone = true;
        return endedWell(promptId, found.entry);
    }
  }

  /** Takes back a prompt that ComfyUI does not begin. Returns if it has begun meanwhile, or cannot be asked. */
  async function takeBack(): Promise<void> {
    await client.deletePending([promptId]);
    const found = await client.locate(promptId);
    if (found.where !== "absent") return;
    attempt.isPromptGone = true;
    attempt.isBackendWedged = true;
    throw new BackendWedged("a prompt that was next did not begin");
  }

  /** Stops a late prompt and waits until it is gone, so that the next one is not sent behind it; not for ever. */
  async function stopAndWait(): Promise<void> {
    const giveUpAt = now() + settings.stopMs;
    while (!attempt.isPromptGone && now() < giveUpAt) {
      signal.throwIfAborted();
      await stopPrompt();
      const where = await client.locate(promptId).then(
        (found) => found.where,
        () => null,
      );
      attempt.isPromptGone = where === "ended" || where === "absent";
      if (!attempt.isPromptGone) await bell.wait(settings.quietMs / 4);
    }
  }

  /** Deletes it if it waits and interrupts it if it runs, by its id: never anybody else's. */
  async function stopPrompt(): Promise<void> {
    try {
      await client.deletePending([promptId]);
      await client.interrupt(promptId);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
    }
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
