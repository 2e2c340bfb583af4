import type { ComfyEvent, PromptFailure, PromptLocation } from "@darkroom/comfyui";
import type { StopRequest } from "../attempt/attempt.ts";
import { elapsedMs, newStallTimer, pause, reset, resume, type StallTimer } from "./stall-timer.ts";

// Decides what is done about a prompt that is followed: pure, so that a table can test it. `follow-prompt.ts` does it.

/** The deadlines of a followed prompt. */
export interface FollowLimits {
  /** From the start of its run, in seconds. */
  readonly timeoutSeconds: number;
  /** How long the socket may be quiet before ComfyUI is asked over HTTP. */
  readonly quietMs: number;
  /** How long a run may go without a frame, on a socket that hears it. */
  readonly stallMs: number;
  /** How long it may wait although nothing runs. */
  readonly wedgedMs: number;
}

/** What is known of a prompt. Immutable; times are milliseconds of any steady clock. */
export interface PromptPhase {
  /** When its run began, as far as is known: its time limit counts from here. Null while it was not seen to run. */
  readonly startedAt: number | null;
  /** The last sign of life of the prompt or, where it was asked for, of ComfyUI. */
  readonly heardAt: number;
  /** The last time that ComfyUI was asked where the prompt is, answered or not. */
  readonly askedAt: number;
  /** Something happened that only ComfyUI's answer can explain. */
  readonly mustLook: boolean;
  /** The last of its frames was heard. */
  readonly isOver: boolean;
  /** ComfyUI did not answer when it was last asked. */
  readonly isUnanswered: boolean;
  /** ComfyUI's last answer; null before the first. */
  readonly found: PromptLocation | null;
  /** How many answers in a row did not know it. */
  readonly absences: number;
  /** Since when it is the next one and yet nothing runs; null if that is not so. */
  readonly idleSince: number | null;
  /** Connections that were lost since the prompt last gave a sign of itself. */
  readonly losses: number;
  readonly stall: StallTimer;
  /** What nodes said when an output was blocked. */
  readonly blocked: readonly PromptFailure[];
}

/** A prompt that neither waits nor runs. */
export type Gone = Extract<PromptLocation, { where: "ended" | "absent" }>;

export type StopReason = "canceled" | "timed-out" | "stalled";

/** What to do next. */
export type Step =
  /** Ask ComfyUI where the prompt is; `withdraws`: after telling it to delete the prompt if it still waits. */
  | { readonly type: "look"; readonly withdraws: boolean }
  /** Nothing for so long, unless something is heard. */
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "stop"; readonly because: StopReason }
  | { readonly type: "over"; readonly found: Gone };

/** At the start; `runningSeconds` is how long an adopted prompt had run, null if it was not seen to run. */
export function initialPhase(at: number, runningSeconds: number | null): PromptPhase {
  return {
    // The limit belongs to the prompt, however many workers follow it one after the other.
    startedAt: runningSeconds === null ? null : at - runningSeconds * 1000,
    heardAt: at,
    askedAt: Number.NEGATIVE_INFINITY,
    mustLook: false,
    isOver: false,
    isUnanswered: false,
    found: null,
    absences: 0,
    idleSince: null,
    losses: 0,
    stall: newStallTimer,
    blocked: [],
  };
}

/** After an event of its socket. */
export function heard(phase: PromptPhase, event: ComfyEvent, at: number): PromptPhase {
  switch (event.type) {
    // These are about the connection or about other people's prompts, and prove nothing about this one.
    case "connected":
    case "queue-remaining":
      return phase;
    // Any frame may have been lost with the socket.
    case "disconnected":
      return { ...phase, losses: phase.losses + 1, stall: pause(phase.stall, at), mustLook: true };
    // From here on ComfyUI's history has the prompt, and no further frame comes.
    case "end":
      return { ...phase, heardAt: at, stall: pause(phase.stall, at), mustLook: true, isOver: true };
    default: {
      const next = { ...phase, heardAt: at, losses: 0, stall: reset(at) };
      if (event.type === "start") return { ...next, startedAt: phase.startedAt ?? at };
      return event.type === "error" && event.blocked ? { ...next, blocked: [...phase.blocked, event.failure] } : next;
    }
  }
}

/** While ComfyUI is asked: what is heard from here on is newer than its answer. */
export function looking(phase: PromptPhase, at: number): PromptPhase {
  return { ...phase, askedAt: at, mustLook: false };
}

/** After ComfyUI did not answer. */
export function unanswered(phase: PromptPhase): PromptPhase {
  return { ...phase, isUnanswered: true };
}

/** After ComfyUI's answer. `isHeard`: a socket is open that hears the prompt's frames. */
export function looked(phase: PromptPhase, found: PromptLocation, at: number, isHeard: boolean): PromptPhase {
  const next = { ...phase, found, heardAt: at, isUnanswered: false, absences: 0 };
  switch (found.where) {
    case "running":
      // An adopted prompt's `start` went to a socket that is gone, so its first sight counts as its start.
      return { ...next, startedAt: phase.startedAt ?? at, stall: isHeard ? resume(phase.stall, at) : phase.stall };
    case "pending":
      return { ...next, idleSince: found.isNext ? (phase.idleSince ?? at) : null };
    case "absent":
      return { ...next, absences: phase.absences + 1 };
    case "ended":
      return next;
  }
}

/** What to do now. */
export function next(phase: PromptPhase, asked: StopRequest | null, at: number, limits: FollowLimits): Step {
  const { found } = phase;
  if (found?.where === "ended") return { type: "over", found };
  // One answer can fall between two of ComfyUI's own steps; two in a row cannot.
  if (found?.where === "absent" && phase.absences >= 2) return { type: "over", found };
  if (asked === "cancel") return { type: "stop", because: "canceled" };
  const leftMs = timeLeftMs(phase, at, limits);
  if (leftMs <= 0) return { type: "stop", because: "timed-out" };
  if (elapsedMs(phase.stall, at) >= limits.stallMs) return { type: "stop", because: "stalled" };
  // An unanswered look, and one that withdrew the prompt, is repeated sooner than a quiet socket is looked after.
  const againMs = phase.askedAt + limits.quietMs / 4 - at;
  const isLeaving = asked === "release" && phase.startedAt === null;
  if (isLeaving && (phase.mustLook || againMs <= 0)) return { type: "look", withdraws: true };
  const quietMs = phase.isUnanswered ? 0 : phase.heardAt + limits.quietMs - at;
  if (phase.mustLook || (quietMs <= 0 && againMs <= 0)) return { type: "look", withdraws: false };
  return { type: "wait", ms: Math.max(1, Math.min(isLeaving ? againMs : Math.max(againMs, quietMs), leftMs)) };
}

/** True if the backend begins nothing: the prompt was the next one for too long while nothing ran. */
export function isWedged({ found, idleSince }: PromptPhase, at: number, { wedgedMs }: FollowLimits): boolean {
  return found?.where === "pending" && idleSince !== null && at - idleSince >= wedgedMs;
}

function timeLeftMs({ startedAt }: PromptPhase, at: number, { timeoutSeconds }: FollowLimits): number {
  return startedAt === null ? Number.POSITIVE_INFINITY : startedAt + timeoutSeconds * 1000 - at;
}
