import { listBackends } from "@darkroom/db";
import { vi } from "vitest";
import type { Bench } from "../worker-fixture.ts";
import type { Seen } from "./surprise.ts";

// What the surprises wait for, and how they tell what they saw.

/** How the job ended, over how many prompts and attempts, as `Surprise.ends` says it. */
export async function endOf(bench: Bench, jobId: string): Promise<string> {
  const { state, failure, attempts } = await bench.view(jobId);
  const count = (many: number, of: string): string => `${many} ${of}${many === 1 ? "" : "s"}`;
  const code = failure === null ? "" : ` ${failure.code}`;
  return `${state}${code}, ${count(bench.comfy.promptsOf(jobId), "prompt")}, ${count(attempts, "attempt")}`;
}

/** How long after ComfyUI's own end of its last prompt the job had ended. */
export async function afterComfy(bench: Bench, jobId: string): Promise<Seen> {
  await bench.event(jobId, "job.succeeded");
  const at = Date.now();
  const endedAt = Math.max(
    ...bench
      .simulator()
      .control.ledger()
      .map((entry) => entry.endedAt ?? 0),
  );
  return { ends: await endOf(bench, jobId), ms: at - endedAt };
}

/** A job of that many steps in the middle of its run. */
export async function running(bench: Bench, start: () => void, steps: number): Promise<string> {
  start();
  const jobId = await bench.submit({ steps });
  await bench.step(jobId, 2);
  return jobId;
}

/** Until the worker says so of its backend. The limit only ends what never comes: how long it took is measured beside it. */
export async function untilBackendIs(state: "up" | "down", { database }: Bench): Promise<void> {
  const look = async (): Promise<void> => {
    if ((await listBackends(database))[0]?.state !== state) throw new Error(`it is not ${state} yet`);
  };
  await vi.waitFor(look, { timeout: 45_000, interval: 20 });
}

/** Until the job was given back by who ran it, and from the fault on. */
export async function released(bench: Bench, jobId: string, at: number): Promise<number> {
  await bench.event(jobId, "job.retried");
  return Date.now() - at;
}
