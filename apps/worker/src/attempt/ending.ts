import {
  ComfyProtocolError,
  ComfyUnreachable,
  failureKind,
  type HistoryEntry,
  isRefused,
  type PromptFailure,
  PromptRejected,
  TransferBroken,
} from "@darkroom/comfyui";
import type { MissingOutput, Stopped } from "@darkroom/contracts";
import { isTransient } from "@darkroom/db";
import { isStorageOutage } from "@darkroom/storage";

/**
 * The attempt was stopped from outside. `lease-lost`: another worker has the job now, or it ended, so nothing more may be
 * written. `released`: this worker lets the job go unharmed; its prompt runs on, and whoever takes the job next adopts it.
 */
export interface Abort {
  readonly type: "lease-lost" | "released";
  /** For the log. */
  readonly why: string;
}

/**
 * An output that could not be had though ComfyUI reported success. `output-invalid`: its file is missing, empty or unreadable.
 * `output-gone`: an adopted prompt's file was deleted before it could be fetched. `no-output`: no output node made anything,
 * and none would if it ran again. The messages say which and why.
 */
export type OutputFault =
  | { readonly type: "output-invalid"; readonly message: string; readonly error?: unknown }
  | { readonly type: "output-gone" }
  | { readonly type: "no-output"; readonly message: string };

/** ComfyUI succeeded; its outputs are still to be collected. */
export interface Finished {
  readonly type: "finished";
  readonly entry: HistoryEntry;
  /** What nodes said when an output was blocked: the run goes on and succeeds all the same. Only what was heard. */
  readonly blocked: readonly PromptFailure[];
}

/** How an attempt came to its end. What that means for its job is decided by `outcomeOf`, for its backend by `backendAfter`. */
export type Ending =
  /** What was made is stored. `missing`: the output nodes that made nothing. */
  | { readonly type: "succeeded"; readonly missing: readonly MissingOutput[] }
  | Abort
  /** The owner canceled. `stopped`: how the prompt was made to end; null if nothing had been sent. */
  | { readonly type: "canceled"; readonly stopped: Stopped | null }
  /** An uploaded or earlier picture that the job needs is no longer there. */
  | { readonly type: "input-missing"; readonly parameter: string }
  /** A file that the job needs is larger than this ComfyUI takes. */
  | { readonly type: "input-too-large"; readonly parameter: string; readonly maxBytes: number }
  | { readonly type: "rejected"; readonly refusal: PromptRejected }
  /** A node raised while the prompt ran. */
  | { readonly type: "failed"; readonly failure: PromptFailure }
  /** Somebody interrupted the prompt on ComfyUI itself. */
  | { readonly type: "interrupted" }
  /** ComfyUI knows the prompt neither in its queue nor in its history. */
  | { readonly type: "lost" }
  /** The same of a prompt that only ever waited behind another: whoever is free may run it. */
  | { readonly type: "never-began" }
  /** ComfyUI answers and begins nothing; the prompt was taken back before it ran. Only a restart of ComfyUI helps. */
  | { readonly type: "wedged" }
  /** It ran longer than its limit. */
  | { readonly type: "timed-out"; readonly timeoutSeconds: number; readonly stopped: Stopped }
  /** It ran for `stallMs` without a sign of progress. */
  | { readonly type: "stalled"; readonly stallMs: number; readonly stopped: Stopped }
  | OutputFault
  /** ComfyUI broke off in the middle of a file each time it was fetched. */
  | { readonly type: "transfer-broken"; readonly filename: string }
  /** ComfyUI, or the proxy before it, did not answer. */
  | { readonly type: "unreachable"; readonly error: unknown }
  /** Nothing listens at ComfyUI's address: its process is gone, and its queue with it. */
  | { readonly type: "backend-gone"; readonly error: unknown }
  /** Postgres or the storage could not do their part just now. */
  | { readonly type: "outage"; readonly error: unknown }
  /** A fault of ours. */
  | { readonly type: "bug"; readonly error: unknown };

/** The one place that turns what a step of an attempt threw into its ending. */
export function endingOf(error: unknown): Ending {
  if (error instanceof PromptRejected) return { type: "rejected", refusal: error };
  if (error instanceof TransferBroken) return { type: "transfer-broken", filename: error.filename };
  if (isRefused(error)) return { type: "backend-gone", error };
  if (isUnreachable(error)) return { type: "unreachable", error };
  return { type: isOurOutage(error) ? "outage" : "bug", error };
}

/** The error behind an ending, for the log; undefined if there is none. */
export function errorOf(ending: Ending): unknown {
  if (ending.type === "rejected") return ending.refusal;
  return "error" in ending ? ending.error : undefined;
}

/** A proxy's words for "I do not know you": its password was changed, and ours is not yet. ComfyUI says none of them to us. */
const isStranger = (status: number): boolean => status === 401 || status === 403 || status === 407;

/** True if ComfyUI, or the proxy before it, could not answer just now. A 500 is its answer, and often our fault. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof ComfyUnreachable) return true;
  return (
    error instanceof ComfyProtocolError && error.status !== null && (error.status > 500 || isStranger(error.status))
  );
}

/** True if Postgres or the storage could not do their part just now. */
function isOurOutage(error: unknown): boolean {
  // What ComfyUI's sockets threw comes as ComfyUnreachable, so any other broken connection is one of ours.
  return isStorageOutage(error) || isTransient(error);
}

/** What is known of the backend after an attempt: it did its part, did not answer, is gone, does not stop a prompt, or does no good. */
export type BackendHealth = "well" | "unreachable" | "gone" | "stuck" | "broken";

/** True for what befalls whatever the server runs next as well. */
const isServers = (kind: ReturnType<typeof failureKind>): boolean => kind === "device-lost" || kind === "disk-full";

/** What an ending says of the backend. Pure. */
export function backendAfter(ending: Ending): BackendHealth {
  switch (ending.type) {
    case "unreachable":
      return "unreachable";
    case "backend-gone":
      return "gone";
    // Either way ComfyUI answers and does no good until somebody restarts it.
    case "wedged":
      return "broken";
    case "failed":
      return isServers(failureKind(ending.failure)) ? "broken" : "well";
    case "canceled":
    case "timed-out":
    case "stalled":
      return ending.stopped === "stuck" ? "stuck" : "well";
    default:
      return "well";
  }
}

/**
 * How the prompt was made to end; null if it was not, or if nothing was sent. A server that does not answer is `unreachable`
 * whether it fell silent while the prompt was being stopped or a moment before. Pure.
 */
export function stoppedBy(ending: Ending, isOnBackend: boolean): Stopped | null {
  if ("stopped" in ending) return ending.stopped;
  const isAway = ending.type === "unreachable" || ending.type === "backend-gone";
  return isAway && isOnBackend ? "unreachable" : null;
}

/**
 * True if ComfyUI should free its memory before the next try, and before anybody else's job: there was too little of it, or a
 * node's file was lost or damaged, which ComfyUI would name again from its cache instead of running the node.
 */
export function needsFree(ending: Ending): boolean {
  switch (ending.type) {
    case "failed":
      return failureKind(ending.failure) === "out-of-memory";
    case "stalled":
    case "output-invalid":
    case "output-gone":
      return true;
    default:
      return false;
  }
}
