import type { ComfyClient, Location } from "@darkroom/comfyui";
import type { Stopped } from "@darkroom/contracts";
import type { Attempt } from "../attempt/attempt.ts";
import { isUnreachable } from "../attempt/outcome.ts";

interface StopParts {
  readonly client: Pick<ComfyClient, "cancel" | "locate" | "free">;
  readonly promptId: string;
  /** It is pressed for this long. */
  readonly withinMs: number;
  /** Between two looks. */
  readonly pauseMs: number;
  /** A server that answers nothing for this long is not waited for. */
  readonly unreachableMs: number;
}

export interface Ending {
  readonly stopped: Stopped;
  /** Where the prompt was when it was seen to be over. */
  readonly found: Extract<Location, { where: "ended" | "absent" }> | null;
}

/**
 * Makes ComfyUI give a prompt up, by its id, never anybody else's, and waits until it has: it is canceled, at half time
 * ComfyUI is told to free its memory as well, and at the end the backend counts as stuck. Throws the reason of the attempt's
 * abort.
 */
export async function stopPrompt(attempt: Attempt, parts: StopParts): Promise<Ending> {
  const { client, promptId, withinMs, pauseMs, unreachableMs } = parts;
  const { signal, bell, log } = attempt;
  const startedAt = performance.now();
  let contactAt = startedAt;
  let isFreed = false;
  /** True once ComfyUI itself said that it stops the prompt; older servers say nothing. */
  let isConfirmed = false;

  for (;;) {
    signal.throwIfAborted();
    const found = await cancelAndLook();
    const at = performance.now();
    if (found !== null) contactAt = at;
    if (found?.where === "ended" || found?.where === "absent") {
      attempt.isPromptGone = true;
      return end(found.where === "absent" ? "removed" : isFreed ? "freed" : "interrupted", found);
    }
    if (at - contactAt >= unreachableMs) return end("unreachable", null);
    if (at - startedAt >= withinMs) {
      attempt.isBackendStuck = true;
      return end("stuck", null);
    }
    if (!isFreed && at - startedAt >= withinMs / 2) isFreed = await free();
    await bell.wait(pauseMs);
  }

  async function cancelAndLook(): Promise<Location | null> {
    try {
      if ((await client.cancel(promptId)) === true) isConfirmed = true;
      return await client.locate(promptId);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
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

  function end(stopped: Stopped, found: Ending["found"]): Ending {
    const outcome = found?.where === "ended" ? found.entry.status : (found?.where ?? null);
    const afterMs = Math.round(performance.now() - startedAt);
    log.info({ stopped, isConfirmed, found: outcome, afterMs }, "told ComfyUI to stop the prompt");
    attempt.stopped = stopped;
    return { stopped, found };
  }
}
