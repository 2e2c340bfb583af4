import type { ComfyEvent } from "@darkroom/comfyui";
import { failpoint, type JobStage, NOT_STOPPED } from "@darkroom/contracts";
import { type Database, stageJob } from "@darkroom/db";
import type { Logger } from "pino";
import type { Announcer } from "../announcer.ts";
import type { Attempt } from "../attempt/attempt.ts";
import { retrying } from "../retry.ts";
import type { Previewer } from "./previewer.ts";
import { advance, initialProgress, type ProgressFrame, type ProgressReport, reportOf, stageOf } from "./progress.ts";
import type { RunRecorder } from "./run-recorder.ts";
import { createThrottle } from "./throttle.ts";

/** Turns ComfyUI's events into the job's stages, progress, previews and the record of its run. */
export interface ProgressReporter {
  /** The prompt waits behind another. */
  waits(): void;
  /** The prompt runs now. */
  started(): void;
  /** It was told to stop a while ago and runs on. */
  goesOn(): void;
  event(event: ComfyEvent): void;
  /** Enters a stage; earlier stages and the current one are ignored, so each is entered at most once, in order. */
  enter(stage: JobStage): void;
  /** Resolves when every stage that was entered is written. */
  flush(): Promise<void>;
  stop(): void;
}

const order: readonly JobStage[] = ["preparing", "loading", "sampling", "saving"];

/** `progressIntervalMs` is the least time between two `job.progressed`. */
export function createProgressReporter(
  attempt: Attempt,
  parts: {
    readonly database: Database;
    readonly announcer: Announcer;
    readonly previewer: Previewer;
    readonly recorder: RunRecorder;
    readonly progressIntervalMs: number;
    readonly log: Logger;
  },
): ProgressReporter {
  const { database, announcer, previewer, recorder, progressIntervalMs, log } = parts;
  const { jobId, ownerId, attempt: number, definition } = attempt.job;
  let state = initialProgress(definition.graph);
  let entered: JobStage = attempt.stage;
  let goesOn = false;
  // Stage writes go one after the other, so that the events keep their order; frames never wait for them.
  let writes: Promise<void> = Promise.resolve();

  const throttle = createThrottle(progressIntervalMs, () => {
    if (attempt.signal.aborted) return;
    const report = toldOf(reportOf(state), { isBehind: attempt.isBehind, goesOn });
    const { progress: percent, message, step, steps, nodeTitle, nodesDone, nodesTotal } = report;
    attempt.progressed({ percent, message, step, steps, nodeTitle, nodesDone, nodesTotal }, report.etaSeconds);
    announcer.transient({
      ownerId,
      event: {
        type: "job.progressed",
        jobId,
        version: attempt.version,
        attempt: number,
        at: new Date().toISOString(),
        stage: attempt.stage,
        ...report,
      },
    });
  });

  const write = async (stage: JobStage): Promise<void> => {
    if (attempt.signal.aborted) return;
    try {
      // The stage after the preparations: its prompt runs, which until then may have waited behind another.
      if (stage === "loading") await failpoint("run.begun");
      const events = await retrying(() => stageJob(database, { jobId, attempt: number, stage }));
      if (stage === "loading") await failpoint("run.recorded");
      if (events === null) {
        // A job that is being canceled stays in its stage; only a lost lease is news.
        if (attempt.asked !== "cancel") attempt.abort({ type: "lease-lost", why: `stage ${stage} was refused` });
        return;
      }
      attempt.record(events);
      announcer.events(events);
    } catch (error) {
      // A stage is for people; the run goes on without it.
      log.warn({ err: error, stage }, "could not write the stage");
    }
  };

  const enter = (stage: JobStage): void => {
    if (order.indexOf(stage) <= order.indexOf(entered)) return;
    entered = stage;
    writes = writes.then(() => write(stage));
  };

  const apply = (frame: ProgressFrame): void => {
    const before = state;
    state = advance(state, frame, performance.now());
    const stage = stageOf(state);
    if (stage !== null) enter(stage);
    if (state !== before) throttle.call();
  };

  return {
    waits: () => throttle.call(),
    started: () => {
      throttle.call();
      // When its run began is on record then, though no frame may be heard.
      enter("loading");
    },
    goesOn: () => {
      goesOn = true;
      throttle.call();
    },
    event: (event) => {
      recorder.event(event);
      if (event.type === "preview") {
        previewer.show(event.image);
        return;
      }
      const frame = frameOf(event);
      if (frame !== null) apply(frame);
    },
    enter,
    flush: () => writes,
    stop: () => throttle.stop(),
  };
}

/** What is told instead of a report while its prompt waits behind another, or runs on though it was told to stop. */
function toldOf(report: ProgressReport, { isBehind, goesOn }: { isBehind: boolean; goesOn: boolean }): ProgressReport {
  if (isBehind) return { ...report, message: "Next on its server" };
  if (!goesOn) return report;
  const what = report.nodeTitle === null ? "its server" : `“${report.nodeTitle}”`;
  return { ...report, message: `${NOT_STOPPED}: ${what} goes on`, etaSeconds: null };
}

/** A ComfyUI event as what it says of the graph's own nodes; null if it says nothing of them. */
export function frameOf(event: ComfyEvent): ProgressFrame | null {
  switch (event.type) {
    case "cached":
      return { type: "cached", nodes: event.nodes };
    case "node":
      return { type: "node", node: event.displayNode };
    case "progress":
      return event.node === null ? null : { type: "step", node: event.node, value: event.value, max: event.max };
    case "progress-state":
      return {
        type: "nodes",
        nodes: event.nodes.map(({ node, displayNode, value, max, state }) => ({
          node: displayNode,
          part: node,
          value,
          max,
          isFinished: state === "finished",
        })),
      };
    default:
      return null;
  }
}
