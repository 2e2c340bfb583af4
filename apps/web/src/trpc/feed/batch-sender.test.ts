import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ApiClient } from "../client.ts";
import { createExternalStore } from "../external-store.ts";
import { createBatchSender, partSize } from "./batch-sender.ts";
import type { Feed } from "./feed.ts";
import { emptyFeed, withJobs } from "./feed-state.ts";

beforeEach(() => vi.stubGlobal("window", new EventTarget()));
afterEach(() => vi.unstubAllGlobals());

it.each([
  [12, 0, 20, 12],
  [50, 0, 20, 20],
  [50, 12, 20, 8],
  [50, 16, 20, 0],
  [3, 17, 20, 3],
  [3, 18, 20, 0],
  [5, 30, 20, 0],
])("of %i jobs, with %i waiting where %i may, %i go now", (unsent, waiting, maxWaiting, size) => {
  expect(partSize(unsent, { waiting, maxWaiting })).toBe(size);
});

/** A sender over an API that answers with what `answer` gives for each request, and a feed that only it fills. */
function setup(answer: (items: readonly object[], key: string) => Promise<void>) {
  const store = createExternalStore(emptyFeed);
  const submitBatch = async ({
    items,
    batchId,
    idempotencyKey,
  }: {
    items: object[];
    batchId: string;
    idempotencyKey: string;
  }) => {
    await answer(items, idempotencyKey);
    return { batchId, jobs: items.map((_, nth) => ({ jobId: `${idempotencyKey} ${nth}`, state: "queued" })) };
  };
  const list = async () => ({ items: [] });
  const client = { job: { submitBatch: { mutate: submitBatch }, list: { query: list } } } as unknown as ApiClient;
  const feed = { store, holdUnknown: (work: () => Promise<unknown>) => work() } as unknown as Feed;
  const sender = createBatchSender({ client, feed, maxWaiting: 4 });
  const finish = (many: number): void =>
    store.update((state) => {
      const waiting = [...state.jobs.values()].filter((job) => job.state === "queued").slice(0, many);
      return withJobs(
        state,
        waiting.map((job) => ({ ...job, state: "succeeded", version: job.version + 1 })),
      );
    });
  return { sender, finish };
}

const workflow = { workflowId: "w", slug: "w", name: "W", version: 1 };
const jobs = (many: number) => Array.from({ length: many }, (_, seed) => ({ inputs: { seed } }));

it("sends what may wait at once, and the rest as room appears", async () => {
  const parts: number[] = [];
  const { sender, finish } = setup(async (items) => void parts.push(items.length));
  const batchId = sender.add(workflow, jobs(7));
  const left = { batchId, unsent: jobs(7).slice(4) };
  await vi.waitFor(() => expect(sender.store.get()).toMatchObject([left]));
  finish(2);
  await vi.waitFor(() => expect(parts).toEqual([4, 2]));
  finish(1);
  await vi.waitFor(() => expect(sender.store.get()).toEqual([]));
  expect(parts).toEqual([4, 2, 1]);
});

it("sends a part whose answer was lost again under the same key, and one that is refused for good not at all", async () => {
  vi.useFakeTimers();
  const keys: string[] = [];
  const { sender } = setup(async (_, key) => {
    keys.push(key);
    if (keys.length === 1) throw new Error("the line broke");
    if (keys.length === 3) throw Object.assign(new Error("no"), { data: { code: "INPUT_INVALID", httpStatus: 400 } });
  });
  sender.add(workflow, jobs(2));
  await vi.advanceTimersByTimeAsync(5000);
  expect(keys).toEqual([keys[0], keys[0]]);
  const refused = sender.add(workflow, jobs(1));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(keys).toHaveLength(3);
  expect(sender.store.get()).toMatchObject([{ batchId: refused, isStopped: true, refusal: { code: "INPUT_INVALID" } }]);
  vi.useRealTimers();
});
