import * as z from "zod";
import { sleep } from "./timing/sleep.ts";

/**
 * Named points between two steps, where the fault suite makes a process die, fail or wait. Nothing happens at them unless
 * the process was started with `DARKROOM_FAILPOINT`; docs/decisions says why they are in the product's code.
 */
export const failpoints = [
  // web: from a request to its answer
  "submit.prepared",
  "submit.committed",
  "submit.enqueued",
  "submit.told",
  "cancel.committed",
  "cancel.told",
  // every transaction of a process, just before and just after its COMMIT
  "transaction.committing",
  "transaction.committed",
  // worker: from a free slot to a settled job
  "slot.acquired",
  "sweep.read",
  "next.granted",
  "take.taken",
  "claim.committed",
  "claim.registered",
  "adopt.located",
  "inputs.uploaded",
  "graph.compiled",
  "dispatch.recorded",
  "dispatch.posted",
  "next.told",
  "next.withdrawn",
  "run.begun",
  "run.recorded",
  "follow.looking",
  "follow.ended",
  "collect.stored",
  "collect.inspected",
  "collect.recorded",
  "settle.begun",
  "settle.committed",
  "settle.requeued",
  "settle.closed",
  "slot.releasing",
  // worker: beside the jobs
  "heartbeat.due",
  "heartbeat.answered",
  "maintenance.due",
  "maintenance.committed",
  "maintenance.rebuilding",
  "maintenance.pushed",
  "shutdown.begun",
  "shutdown.drained",
  // both: telling the others
  "publish.due",
  "publish.sent",
  // web: hearing of it
  "hub.reading",
  "hub.read",
] as const;

export type Failpoint = (typeof failpoints)[number];

/**
 * `crash`: the process is killed. `error`: an exception that nobody foresaw. `reset`: the exception of a connection that
 * broke. `delay`: the step comes late.
 */
export type FailpointKind = "crash" | "error" | "reset" | "delay";

export interface ArmedFailpoint {
  readonly point: Failpoint;
  readonly kind: FailpointKind;
  /** With `delay` only; else 0. */
  readonly delayMs: number;
  /** The one time it happens, from 1; null: every time. */
  readonly nth: number | null;
}

/** `point:crash`, `point:error`, `point:reset` or `point:delay=ms`, each with an optional `@n`. Null if it is not one. */
export function parseFailpoint(text: string): ArmedFailpoint | null {
  const match = /^([a-z.]+):(?:(crash|error|reset)|(delay)=(\d{1,6}))(?:@([1-9]\d{0,5}))?$/.exec(text);
  const point = failpoints.find((name) => name === match?.[1]);
  if (match === null || point === undefined) return null;
  const [, , sudden, , ms, nth] = match;
  const kind = (sudden ?? "delay") as FailpointKind;
  return { point, kind, delayMs: ms === undefined ? 0 : Number(ms), nth: nth === undefined ? null : Number(nth) };
}

/** `DARKROOM_FAILPOINT`: unset in every process but those of the fault suite. */
export const failpointSchema = /* @__PURE__ */ z.string().transform((text, context) => {
  const armed = parseFailpoint(text);
  if (armed !== null) return armed;
  context.addIssue({ code: "custom", message: "must be a known point and crash, error, reset or delay=ms" });
  return z.NEVER;
});

let arrive: ((point: Failpoint) => Promise<void> | undefined) | null = null;

/** Where the code says that it is between two steps. Await it, unless nothing may be awaited there. */
export function failpoint(point: Failpoint): Promise<void> | undefined {
  return arrive?.(point);
}

/** What a process does for its failpoint: contracts have no processes and no streams. */
export interface FailpointEffects {
  /** Ends the process as `kill -9` does. */
  crash(): void;
  /** Called each time the point acts. */
  onHit(point: Failpoint): void;
}

/** Arms one point for the life of this process. Only a process' `main.ts` calls it. */
export function armFailpoint({ point, kind, delayMs, nth }: ArmedFailpoint, effects: FailpointEffects): void {
  let times = 0;
  arrive = (reached) => {
    if (reached !== point) return undefined;
    times += 1;
    if (nth !== null && times !== nth) return undefined;
    effects.onHit(point);
    switch (kind) {
      case "crash":
        effects.crash();
        // The signal may take a moment, in which nothing more may be done.
        return new Promise(() => undefined);
      case "error":
        throw new Error(`failpoint ${point}`);
      case "reset":
        throw Object.assign(new Error(`failpoint ${point}`), { code: "ECONNRESET" });
      case "delay":
        return sleep(delayMs);
    }
  };
}

/** Disarms it again. For tests, whose process goes on. */
export function disarmFailpoint(): void {
  arrive = null;
}
