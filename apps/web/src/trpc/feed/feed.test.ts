import type { JobView } from "@darkroom/contracts";
import { expect, it, vi } from "vitest";
import type { ApiClient } from "../client.ts";
import { createConnectionStore } from "../connection.ts";
import { createActiveJobs } from "./active-jobs.ts";
import { createFeed, type FeedData } from "./feed.ts";
import { firstView, startJob } from "./submit.ts";

const workflow = { workflowId: "w", slug: "text-to-image", name: "Text to image", version: 1 };
const wait = { position: 0, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };

function view(jobId: string, changes: Partial<JobView> = {}): JobView {
  const answer = { jobId, state: "queued" as const, ...wait, remaining: null };
  return { ...firstView({ workflow, inputs: {} }, jobId, answer), version: 1, ...changes };
}

/** A feed over an API that knows `jobs`; `push` is what the subscription delivers. */
function setup({ jobs = {}, stored = null }: { jobs?: Record<string, JobView>; stored?: string | null } = {}) {
  const storage = new Map(stored === null ? [] : [["darkroom.active", stored]]);
  const activeJobs = createActiveJobs({
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => void storage.set(key, value),
    removeItem: (key) => void storage.delete(key),
  });
  let deliver: (message: { data: FeedData }) => void = () => {};
  const byId = vi.fn(async ({ jobId }: { jobId: string }) => {
    const found = jobs[jobId];
    if (found === undefined) throw Object.assign(new Error("none"), { data: { code: "NOT_FOUND", httpStatus: 404 } });
    return found;
  });
  const client = {
    job: {
      byId: { query: byId },
      list: { query: async () => ({ items: Object.values(jobs), nextCursor: null }) },
      onFeed: {
        subscribe: (_: undefined, handlers: { onData: typeof deliver }) => {
          deliver = handlers.onData;
          return { unsubscribe() {} };
        },
      },
    },
  } as unknown as ApiClient;
  const connection = createConnectionStore();
  const feed = createFeed({ client, connection, activeJobs });
  const stop = feed.start();
  return { feed, byId, storage, stop, connection, push: (data: FeedData) => deliver({ data }) };
}

it("active ids are stored while their jobs are open and cleared when they end", () => {
  const { push, storage, stop } = setup();
  push({ events: [], jobs: [view("a")] });
  expect(storage.get("darkroom.active")).toBe('["a"]');
  push({ events: [{ type: "job.canceled", jobId: "a", version: 2, attempt: 0, at: new Date().toISOString() }] });
  expect(storage.has("darkroom.active")).toBe(false);
  stop();
});

it("a remembered id that the server no longer knows is dropped, and one that ended meanwhile is fetched", async () => {
  const ended = view("ended", { version: 4, state: "succeeded" });
  const { feed, push, storage, stop } = setup({ jobs: { ended }, stored: '["gone","ended"]' });
  push({ events: [], jobs: [] });
  await vi.waitFor(() => {
    expect(feed.store.get().jobs.get("ended")?.state).toBe("succeeded");
    expect(storage.has("darkroom.active")).toBe(false);
  });
  stop();
});

it("a submission shows one card although its events overtake the answer", async () => {
  const { feed, byId, push, stop } = setup({ jobs: { a: view("a") } });
  push({ events: [], jobs: [] });
  let answer: (jobId: string) => void = () => {};
  const started = startJob(feed, {
    workflow,
    inputs: {},
    send: () =>
      new Promise((resolve) => {
        answer = (jobId) => resolve({ jobId, state: "queued", ...wait, remaining: null });
      }),
  });
  expect(feed.store.get().submissions).toHaveLength(1);
  push({
    events: [
      { type: "job.queued", jobId: "a", version: 1, attempt: 0, at: "", workflow: "text-to-image", batchId: null },
      { type: "job.started", jobId: "a", version: 2, attempt: 1, at: "", backend: "gpu" },
    ],
  });
  expect(feed.store.get().order).toEqual([]);
  expect(byId).not.toHaveBeenCalled();
  answer("a");
  await expect(started).resolves.toMatchObject({ ok: true, jobId: "a" });
  expect(feed.store.get().submissions).toEqual([]);
  expect(feed.store.get().jobs.get("a")?.state).toBe("running");
  stop();
});

it("a request that was refused takes its card away and says why", async () => {
  const { feed, stop } = setup();
  const refused = await startJob(feed, {
    workflow,
    inputs: {},
    send: () =>
      Promise.reject(
        Object.assign(new Error("Slow down."), {
          data: { code: "RATE_LIMITED", httpStatus: 429, retryAfterSeconds: 12 },
        }),
      ),
  });
  expect(refused).toMatchObject({ ok: false, refusal: { code: "RATE_LIMITED", retryAfterSeconds: 12 } });
  expect(feed.store.get().submissions).toEqual([]);
  stop();
});

it("a request that is sent again is the same click: it has the same key and the same request id", async () => {
  vi.useFakeTimers();
  const { feed, stop } = setup();
  const clicks: unknown[] = [];
  const started = startJob(feed, {
    workflow,
    inputs: {},
    send: (click) => {
      clicks.push(click);
      return Promise.reject(new Error("no answer"));
    },
  });
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  expect(await started).toMatchObject({ ok: false, refusal: { code: "UNREACHABLE" } });
  expect(clicks).toHaveLength(4);
  expect(clicks[0]).toMatchObject({ idempotencyKey: expect.any(String), context: { requestId: expect.any(String) } });
  expect(new Set(clicks.map((click) => JSON.stringify(click))).size).toBe(1);
  stop();
});

it("without a line the newest jobs are asked for: those of other tabs appear, and what is open is followed to its end", async () => {
  vi.useFakeTimers();
  const jobs: Record<string, JobView> = { theirs: view("theirs") };
  const { feed, connection, stop } = setup({ jobs });
  connection.closed(true);
  await vi.advanceTimersByTimeAsync(3000);
  expect(feed.store.get()).toMatchObject({ isReady: true, order: ["theirs"] });
  expect(connection.get()).toMatchObject({ status: "polling", transport: null });
  jobs.theirs = view("theirs", { version: 3, state: "succeeded" });
  await vi.advanceTimersByTimeAsync(3000);
  expect(feed.store.get().jobs.get("theirs")?.state).toBe("succeeded");
  connection.opened("sse");
  jobs.later = view("later");
  await vi.advanceTimersByTimeAsync(9000);
  expect(feed.store.get().order).toEqual(["theirs"]);
  stop();
  vi.useRealTimers();
});
