import type { ComfyClient } from "@darkroom/comfyui";
import type { Logger } from "pino";

/** Keeps jobs away from a backend that answers, and yet does no good. */
export interface CircuitBreaker {
  /** It gets nothing now. */
  isResting(): boolean;
  /** It does no good: it gets nothing for a while, longer each time until it has worked again. */
  rest(): void;
  /** A job came back because it did not do its part. The third in a row makes it rest. */
  failed(): void;
  /** It does not stop that prompt: it gets nothing until the prompt is gone. */
  quarantine(promptId: string): void;
  /** A prompt ran on it. */
  worked(): void;
  /** Looks whether what it was quarantined for is over. Throws ComfyUnreachable. */
  check(client: Pick<ComfyClient, "locate">): Promise<void>;
}

/** Jobs in a row that must come back unfinished before the backend rests. A single one may be bad luck. */
const MAX_FAILED = 3;

/** A backend that stays out of order is tried this often. */
const MAX_REST_MS = 300_000;

/** `onRest` is called when it gets nothing from now on. */
export function createCircuitBreaker({
  restMs: firstRestMs,
  onRest,
  log,
}: {
  restMs: number;
  onRest: () => void;
  log: Logger;
}): CircuitBreaker {
  let restMs = 0;
  let restUntil = Number.NEGATIVE_INFINITY;
  let failed = 0;
  const stuck = new Set<string>();

  function rest(reason: string): void {
    restMs = Math.min(restMs === 0 ? firstRestMs : restMs * 2, MAX_REST_MS);
    restUntil = performance.now() + restMs;
    log.warn({ restMs }, `the backend ${reason}, though it answers; it gets nothing for a while`);
    onRest();
  }

  return {
    isResting: () => stuck.size > 0 || performance.now() < restUntil,
    rest: () => {
      // Several prompts may have waited there, and each of them finds it out: that is one reason to rest, not several.
      if (performance.now() >= restUntil) rest("does no good");
    },
    failed: () => {
      failed += 1;
      if (failed >= MAX_FAILED) rest("fails every job");
    },
    quarantine: (promptId) => {
      stuck.add(promptId);
      log.error({ promptId }, "the backend does not stop a prompt; it gets nothing until the prompt is gone");
      onRest();
    },
    worked: () => {
      restMs = 0;
      failed = 0;
    },
    check: async (client) => {
      for (const promptId of stuck) {
        const { where } = await client.locate(promptId);
        if (where !== "ended" && where !== "absent") continue;
        stuck.delete(promptId);
        log.info({ promptId }, "the prompt is gone; the backend gets jobs again");
      }
    },
  };
}
