import { type ComfyClient, isRefused, type PromptLocation } from "@darkroom/comfyui";
import type { Stopped } from "@darkroom/contracts";
import type { Attempt } from "../attempt/attempt.ts";
import { isUnreachable } from "../attempt/ending.ts";
import type { Gone } from "./prompt-phase.ts";

interface StopParts {
  readonly client: Pick<ComfyClient, "cancel" | "locate" | "free">;
  readonly promptId: string;
  /** It is pressed for this long. */
  readonly withinMs: number;
  /** Between two looks. */
  readonly pauseMs: number;
  /** How long it may go on before that is told: a node looks for an interrupt between two of its steps. */
  readonly tellAfterMs: number;
  /** Called at each look that still finds it running after that. */
  readonly onGoingOn: () => void;
  /** A server that answers nothing for this long is not waited for, nor is one that is gone. */
  readonly unreachableMs: number;
}

export interface StoppedPrompt {
  readonly stopped: Stopped;
  /** Where the prompt was when it was seen to be over; null if it was not. */
  readonly found: Gone | null;
}

/**
 * Makes ComfyUI give a prompt up, by its id, never anybody else's, and waits until it has: it is canceled, at half time
 * ComfyUI is told to free its memory as well, and at the end the backend counts as stuck. Throws the AbortError of the
 * attempt's signal.
 */
export async function stopPrompt(attempt: Attempt, parts: StopParts): Promise<StoppedPrompt> {
  const { client, promptId, withinMs, pauseMs, tellAfterMs, onGoingOn, unreachableMs } = parts;
  const { signal, wakeup, log } = attempt;
  const startedAt = performance.now();
  let contactAt = startedAt;
  let isFreed = false;
  let isGone = false;
  /** True once ComfyUI itself said that it stops the prompt; older servers say nothing. */
  let isConfirmed = false;

  for (;;) {
    signal.throwIfAborted();
    const found = await cancelAndLook();
    const at = performance.now();
    if (found !== null) contactAt = at;
    if (found?.where === "ended" || found?.where === "absent") {
      attempt.advance("over");
      return end(found.where === "absent" ? "removed" : isFreed ? "freed" : "interrupted", found);
    }
    if (isGone || at - contactAt >= unreachableMs) return end("unreachable", null);
    if (at - startedAt >= withinMs) return end("stuck", null);
    if (found?.where === "running" && at - startedAt >= tellAfterMs) onGoingOn();
    if (!isFreed && at - startedAt >= withinMs / 2) isFreed = await free();
    await wakeup.wait(pauseMs);
  }

  async function cancelAndLook(): Promise<PromptLocation | null> {
    try {
      if ((await client.cancel(promptId)) === true) isConfirmed = true;
      return await client.locate(promptId);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      isGone = isRefused(error);
      return null;
    }
  }

  async function free(): Promise<boolean> {
    log.warn("ComfyUI does not stop the prompt; it is told to free its memory");
    return await client.free({ models: true, memory: true }).then(
      () => true,
      () => false,
    );
  }

  function end(stopped: Stopped, found: Gone | null): StoppedPrompt {
    const outcome = found?.where === "ended" ? found.entry.status : (found?.where ?? null);
    const afterMs = Math.round(performance.now() - startedAt);
    log.info({ stopped, isConfirmed, found: outcome, afterMs }, "told ComfyUI to stop the prompt");
    return { stopped, found };
  }
}
