import type { ComfyEvent, HistoryEntry, PromptFailure, PromptLocation } from "@darkroom/comfyui";
import { expect, test } from "vitest";
import type { StopRequest } from "../attempt/attempt.ts";
import {
  type FollowLimits,
  heard,
  initialPhase,
  isWedged,
  looked,
  looking,
  next,
  type PromptPhase,
  type Step,
  unanswered,
} from "./prompt-phase.ts";

const limits: FollowLimits = { timeoutSeconds: 60, quietMs: 2000, stallMs: 10_000, wedgedMs: 5000 };
const entry: HistoryEntry = {
  promptId: "p",
  status: "success",
  outputs: [],
  error: null,
  messages: [],
  nodeOutputs: {},
};
const failure: PromptFailure = { nodeId: "1", nodeType: "X", exceptionType: "E", message: "m", traceback: [] };

type Happening = (phase: PromptPhase) => PromptPhase;
const hears =
  (event: ComfyEvent, at: number): Happening =>
  (phase) =>
    heard(phase, event, at);
/** Asked and answered at once, on a socket that hears the prompt. */
const finds =
  (found: PromptLocation, at: number, isHeard = true): Happening =>
  (phase) =>
    looked(looking(phase, at), found, at, isHeard);
const asks =
  (at: number): Happening =>
  (phase) =>
    looking(phase, at);
const asksInVain =
  (at: number): Happening =>
  (phase) =>
    unanswered(looking(phase, at));
const after = (happenings: readonly Happening[], runningSeconds: number | null = null): PromptPhase =>
  happenings.reduce((phase, happening) => happening(phase), initialPhase(0, runningSeconds));

const start: ComfyEvent = { type: "start" };
const step: ComfyEvent = { type: "progress", node: "1", value: 1, max: 9 };
const wait = (ms: number): Step => ({ type: "wait", ms });
const look: Step = { type: "look", withdraws: false };
const withdraw: Step = { type: "look", withdraws: true };
const pending = (isNext: boolean): PromptLocation => ({ where: "pending", isNext });

test.each<[string, Happening[], StopRequest | null, number, Step]>([
  ["waits for the socket first", [], null, 0, wait(2000)],
  ["looks when the socket was quiet", [], null, 2000, look],
  ["does not look while frames come", [hears(step, 1500)], null, 2000, wait(1500)],
  ["looks at once when the socket was lost", [hears({ type: "disconnected" }, 10)], null, 10, look],
  ["looks at once when the run's end was heard", [hears({ type: "end" }, 10)], null, 10, look],
  [
    "does not look because of news of others",
    [hears({ type: "queue-remaining", remaining: 3 }, 10)],
    null,
    10,
    wait(1990),
  ],
  ["looks again soon after an unanswered look", [asks(2000)], null, 2000, wait(500)],
  ["and then does", [asks(2000)], null, 2500, look],
  ["looks again as soon after a look that failed while frames came", [hears(step, 9), asksInVain(10)], null, 510, look],
  ["looks again for what was heard during a look", [asks(2000), hears({ type: "end" }, 2001)], null, 2002, look],
  [
    "ends with what ComfyUI's history says",
    [finds({ where: "ended", entry }, 5)],
    "cancel",
    5,
    { type: "over", found: { where: "ended", entry } },
  ],
  ["does not believe one absence", [finds({ where: "absent" }, 5)], null, 5, wait(2000)],
  [
    "believes two in a row",
    [finds({ where: "absent" }, 5), finds({ where: "absent" }, 9)],
    null,
    9,
    { type: "over", found: { where: "absent" } },
  ],
  [
    "does not believe two that are not in a row",
    [finds({ where: "absent" }, 5), finds({ where: "running" }, 6), finds({ where: "absent" }, 7)],
    null,
    7,
    wait(2000),
  ],
  ["stops for a cancel", [], "cancel", 0, { type: "stop", because: "canceled" }],
  [
    "stops at the time limit",
    [hears(start, 0), hears(step, 59_999)],
    null,
    60_000,
    { type: "stop", because: "timed-out" },
  ],
  ["wakes for the time limit", [hears(start, 0), hears(step, 59_500)], null, 59_500, wait(500)],
  [
    "counts the limit from the first sight of a run",
    [finds({ where: "running" }, 7), hears(step, 60_006)],
    null,
    60_007,
    { type: "stop", because: "timed-out" },
  ],
  ["stops a run that stalls", [hears(step, 0)], null, 10_000, { type: "stop", because: "stalled" }],
  [
    "does not count the time without a socket",
    [hears(step, 0), hears({ type: "disconnected" }, 9000)],
    null,
    30_000,
    look,
  ],
  [
    "counts on once the socket hears again",
    [hears(step, 0), hears({ type: "disconnected" }, 9000), finds({ where: "running" }, 20_000)],
    null,
    21_000,
    { type: "stop", because: "stalled" },
  ],
  [
    "does not count on before the socket is back",
    [hears(step, 0), hears({ type: "disconnected" }, 9000), finds({ where: "running" }, 20_000, false)],
    null,
    21_000,
    wait(1000),
  ],
  ["never stalls what was never heard", [finds({ where: "running" }, 0, false)], null, 30_000, look],
  ["withdraws what shall leave", [finds(pending(false), 5)], "release", 2000, withdraw],
  ["and again until it is gone", [finds(pending(false), 2000)], "release", 2000, wait(500)],
  ["leaves what has begun", [hears(start, 5)], "release", 5, wait(2000)],
])("%s", (_name, happenings, asked, at, expected) => {
  expect(next(after(happenings), asked, at, limits)).toEqual(expected);
});

test("an adopted prompt's limit counts from its own start", () => {
  expect(next(after([], 55), null, 5000, limits)).toEqual({ type: "stop", because: "timed-out" });
});

test.each<[string, Happening[], number, boolean]>([
  ["that is next and not begun in time", [finds(pending(true), 0)], 5000, true],
  ["that is next for a shorter time", [finds(pending(true), 0)], 4999, false],
  ["that waits behind another", [finds(pending(true), 0), finds(pending(false), 4000)], 5000, false],
  ["that became the next one late", [finds(pending(false), 0), finds(pending(true), 4000)], 5000, false],
  ["that runs", [finds(pending(true), 0), finds({ where: "running" }, 4000)], 5000, false],
])("a backend begins nothing, told by a prompt %s", (_name, happenings, at, expected) => {
  expect(isWedged(after(happenings), at, limits)).toBe(expected);
});

test("what blocked an output is kept, and lost connections count until the prompt is heard again", () => {
  const blocked = after([hears({ type: "error", failure, blocked: true }, 1)]);
  expect(blocked).toMatchObject({ blocked: [failure], losses: 0 });
  const lost = after([hears({ type: "disconnected" }, 1), hears({ type: "disconnected" }, 2)]);
  expect(lost.losses).toBe(2);
  expect(heard(lost, step, 3).losses).toBe(0);
});
