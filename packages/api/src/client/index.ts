import { randomUUID } from "node:crypto";
import type { JobView } from "@darkroom/contracts";
import type { SubmitInput } from "../inputs.ts";
import { createJobHandle, isRefusal, type JobHandle, type WaitOptions } from "./job-handle.ts";
import { createTransport, type Transport, type TransportOptions } from "./transport.ts";

export type { JobEvent, JobView, Output } from "@darkroom/contracts";
export type { AppRouter } from "../app-router.ts";
export type { JobHandle, SubmitInput, TransportOptions, WaitOptions };

/** How often a submit is sent before its connection's failure is the caller's. */
const SUBMIT_TRIES = 3;

/** Darkroom for another service. Everything goes through one HTTP address and at most one socket. */
export interface DarkroomClient {
  /** The whole API, typed. */
  readonly trpc: Transport["trpc"];
  /** Makes a job. Without an idempotency key it gets one, so a try that was cut off is repeated safely. */
  submit(input: SubmitInput & { readonly dryRun?: false }): Promise<JobHandle>;
  /** The handle of a job that exists. */
  job(jobId: string): JobHandle;
  /** Submits and waits for the end; look at the answer's `state`. */
  generateAndWait(input: SubmitInput & { readonly dryRun?: false }, options?: WaitOptions): Promise<JobView>;
  /** Closes the socket; it opens again when it is needed. */
  close(): Promise<void>;
}

export function createDarkroomClient(options: TransportOptions): DarkroomClient {
  const transport = createTransport(options);
  const job = (jobId: string): JobHandle => createJobHandle(transport, jobId);
  const submit: DarkroomClient["submit"] = async (input) => {
    const { jobId } = await submitOnce(transport, { idempotencyKey: randomUUID(), ...input });
    if (jobId === null) throw new Error("a dry run has no job; use trpc.job.submit for it");
    return job(jobId);
  };
  return {
    trpc: transport.trpc,
    submit,
    job,
    generateAndWait: async (input, wait) => (await submit(input)).wait(wait),
    close: () => transport.close(),
  };
}

async function submitOnce({ trpc }: Transport, input: SubmitInput) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await trpc.job.submit.mutate(input);
    } catch (error) {
      if (isRefusal(error) || tries === SUBMIT_TRIES) throw error;
    }
  }
}
