import { beat, claimAny, claimTaken, dispatch, output, settle, stage } from "./operations/attempts.ts";
import { acquire, close, lookThrough, release, report } from "./operations/backends.ts";
import type { Plan } from "./operations/operation.ts";
import { drain, pause } from "./operations/operators.ts";
import { cancel, cancelBatch, remove, submit } from "./operations/owners.ts";

/** The operations by name, each with how often it comes up. */
export const operations = {
  submit: [submit, 6],
  claimTaken: [claimTaken, 9],
  claimAny: [claimAny, 4],
  dispatch: [dispatch, 6],
  close: [close, 1],
  lookThrough: [lookThrough, 1],
  stage: [stage, 2],
  output: [output, 2],
  settle: [settle, 7],
  cancel: [cancel, 3],
  cancelBatch: [cancelBatch, 1],
  remove: [remove, 2],
  beat: [beat, 4],
  acquire: [acquire, 2],
  release: [release, 1],
  pause: [pause, 1],
  drain: [drain, 1],
  report: [report, 3],
} as const satisfies Record<string, readonly [Plan, number]>;
