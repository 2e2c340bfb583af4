import type { DurableEvent, JobView, TransientEvent } from "@darkroom/contracts";
import { describe, expect, it } from "vitest";
import {
  emptyFeed,
  newerView,
  summaryOf,
  withAnswer,
  withEvents,
  withJobs,
  withoutJob,
  withoutSubmission,
  withSnapshot,
  withSubmission,
} from "./feed-state.ts";
import { firstView } from "./submit.ts";

const workflow = { workflowId: "w", slug: "text-to-image", name: "Text to image", version: 1 };
const at = "2026-11-21T12:00:00.000Z";

function view(jobId: string, changes: Partial<JobView> = {}): JobView {
  const wait = { position: 0, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };
  const answer = { jobId, state: "queued" as const, ...wait, remaining: null };
  return {
    ...firstView({ workflow, inputs: { prompt: jobId } }, jobId, answer),
    version: 1,
    createdAt: at,
    ...changes,
  };
}

const started = (jobId: string, version = 2): DurableEvent => ({
  type: "job.started",
  jobId,
  version,
  attempt: 1,
  at,
  backend: "gpu:8188",
});

const progressed = (jobId: string, progress: number, version = 2): TransientEvent => ({
  type: "job.progressed",
  jobId,
  version,
  attempt: 1,
  at,
  progress,
  stage: "sampling",
  message: "",
  step: 1,
  steps: 4,
  node: null,
  nodeTitle: null,
  nodesDone: 0,
  nodesTotal: 1,
  etaSeconds: 3,
});

const submission = { key: "k", workflow, inputs: { prompt: "a" }, createdAt: at };

describe("events", () => {
  it("change the job they name, and delivered twice they change nothing more", () => {
    const once = withEvents(withJobs(emptyFeed, [view("a")]), [started("a")]);
    expect(once.missing).toEqual([]);
    expect(once.state.jobs.get("a")).toMatchObject({ state: "running", backend: "gpu:8188", version: 2 });
    const twice = withEvents(once.state, [started("a")]);
    expect(twice.state.jobs.get("a")).toEqual(once.state.jobs.get("a"));
  });

  it("of an unknown job ask for it once, wait, and are applied when it comes", () => {
    const first = withEvents(emptyFeed, [started("a")]);
    expect(first.missing).toEqual(["a"]);
    const second = withEvents(first.state, [progressed("a", 40)]);
    expect(second.missing).toEqual([]);
    const known = withJobs(second.state, [view("a")]);
    expect(known.jobs.get("a")).toMatchObject({ state: "running", progress: { percent: 40 } });
    expect(known.waiting.size).toBe(0);
  });

  it("that leave a gap in a job's versions ask for the job", () => {
    expect(withEvents(withJobs(emptyFeed, [view("a")]), [started("a", 4)]).missing).toEqual(["a"]);
  });
});

describe("views", () => {
  it("are ordered newest first", () => {
    const state = withJobs(emptyFeed, [view("old", { createdAt: "2026-11-21T11:00:00.000Z" }), view("new")]);
    expect(state.order).toEqual(["new", "old"]);
  });

  it("never go back to an older version, whatever arrives last", () => {
    const held = view("a", { version: 5, state: "succeeded" });
    expect(newerView(held, view("a", { version: 3, state: "running" }))).toBe(held);
  });

  it("that come late still bring what was not known here: the seed that the server drew", () => {
    const held = view("a", { version: 3, state: "running" });
    const late = view("a", { version: 1, seed: 42, createdAt: "2026-11-21T11:59:59.000Z" });
    expect(newerView(held, late)).toMatchObject({ version: 3, state: "running", seed: 42, createdAt: late.createdAt });
  });

  it("of the same version keep the progress that is further and the preview that is known", () => {
    const running = withEvents(withJobs(emptyFeed, [view("a")]), [started("a"), progressed("a", 60)]).state.jobs.get(
      "a",
    );
    const fetched = view("a", { version: 2, state: "running", attempt: 1, attempts: 1 });
    expect(newerView({ ...(running ?? fetched), previewUrl: "/p" }, fetched)).toMatchObject({
      previewUrl: "/p",
      progress: { percent: 60 },
    });
  });
});

describe("a snapshot", () => {
  it("names the jobs that were open here and are open no longer", () => {
    const held = withJobs(emptyFeed, [view("a"), view("b"), view("done", { state: "succeeded" })]);
    const { state, stale } = withSnapshot(held, [view("b"), view("c")]);
    expect(stale).toEqual(["a"]);
    expect(state.isReady).toBe(true);
    expect([...state.jobs.keys()].sort()).toEqual(["a", "b", "c", "done"]);
  });
});

describe("a submission", () => {
  it("is replaced by its job, which keeps its key", () => {
    const state = withAnswer(withSubmission(emptyFeed, submission), "k", view("a"));
    expect(state.submissions).toEqual([]);
    expect(state.keys.get("a")).toBe("k");
    expect(state.order).toEqual(["a"]);
  });

  it("takes in the events that overtook its answer", () => {
    const early = withEvents(withSubmission(emptyFeed, submission), [started("a")]).state;
    expect(withAnswer(early, "k", view("a", { version: 0 })).jobs.get("a")?.state).toBe("running");
  });

  it("leaves nothing behind when it is refused", () => {
    expect(withoutSubmission(withSubmission(emptyFeed, submission), "k").submissions).toEqual([]);
  });
});

it("a job that is gone is forgotten with the events that waited for it", () => {
  const state = withoutJob(withEvents(emptyFeed, [started("a")]).state, "a");
  expect(state.waiting.size + state.jobs.size + state.order.length).toBe(0);
});

describe("a removed job", () => {
  const removed = { type: "job.removed", jobId: "a", version: 2, attempt: 0, at } as const;

  it("leaves, whether it was known or not, and is not asked for", () => {
    const known = withEvents(withJobs(emptyFeed, [view("a"), view("b")]), [removed]);
    expect([...known.state.jobs.keys(), ...known.state.order, ...known.missing]).toEqual(["b", "b"]);
    const unknown = withEvents(emptyFeed, [started("a"), { ...removed, version: 3 }]);
    expect([unknown.missing, unknown.state.waiting.size]).toEqual([[], 0]);
  });

  it("does not come back with an answer that was under way", () => {
    const { state } = withEvents(withJobs(emptyFeed, [view("a")]), [removed]);
    const late = withJobs(state, [view("a"), view("b")]);
    expect([...late.jobs.keys(), ...late.order]).toEqual(["b", "b"]);
  });
});

it("the summary counts what is open or on its way and means its progress", () => {
  const { state } = withEvents(withJobs(emptyFeed, [view("a"), view("b"), view("c", { state: "failed" })]), [
    started("a"),
    progressed("a", 50),
  ]);
  expect(summaryOf(withSubmission(state, submission))).toEqual({ open: 3, percent: 25 });
});
