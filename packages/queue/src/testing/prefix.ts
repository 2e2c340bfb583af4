import { randomBytes } from "node:crypto";
import type { ProgressedEvent } from "../pubsub/publisher.ts";

/** A random key prefix: tests share one server and never flush it. */
export function testPrefix(): string {
  return `test-${randomBytes(4).toString("hex")}`;
}

/** A `job.progressed` of the first attempt, as early as there can be one; what matters to a test is given. */
export function progressedEvent(given: Partial<ProgressedEvent> & Pick<ProgressedEvent, "jobId">): ProgressedEvent {
  return {
    type: "job.progressed",
    version: 2,
    attempt: 1,
    at: new Date().toISOString(),
    progress: 50,
    stage: "sampling",
    message: "",
    step: null,
    steps: null,
    node: null,
    nodeTitle: null,
    nodesDone: 0,
    nodesTotal: 1,
    etaSeconds: null,
    ...given,
  };
}
