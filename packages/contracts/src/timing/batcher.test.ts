import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBatcher } from "./batcher.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A batcher that doubles numbers; each batch is answered when the test says so. */
function doubling(spacingMs = 0) {
  const batches: { numbers: readonly number[]; answer(): void; fail(reason: Error): void }[] = [];
  const ask = createBatcher<number, number>(
    (numbers) => {
      const { promise, resolve, reject } = Promise.withResolvers<number[]>();
      batches.push({ numbers, answer: () => resolve(numbers.map((number) => 2 * number)), fail: reject });
      return promise;
    },
    { spacingMs },
  );
  return { ask, batches, asked: () => batches.map(({ numbers }) => numbers) };
}

test("what is asked in one go is one batch, and each gets its own answer", async () => {
  const { ask, batches, asked } = doubling();
  const answers = Promise.all([1, 2, 3].map(ask));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toEqual([[1, 2, 3]]);
  batches[0]?.answer();
  expect(await answers).toEqual([2, 4, 6]);
});

test("what is asked while a batch is under way waits for it and is one batch together", async () => {
  const { ask, batches, asked } = doubling();
  const first = ask(1);
  await vi.advanceTimersByTimeAsync(0);
  const later = Promise.all([2, 3].map(ask));
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked()).toEqual([[1]]);
  batches[0]?.answer();
  expect(await first).toBe(2);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toEqual([[1], [2, 3]]);
  batches[1]?.answer();
  expect(await later).toEqual([4, 6]);
});

test("a failed batch fails those who asked for it and nobody after them", async () => {
  const { ask, batches, asked } = doubling();
  const failed = Promise.allSettled([1, 2].map(ask));
  await vi.advanceTimersByTimeAsync(0);
  const later = ask(3);
  batches[0]?.fail(new Error("no answer"));
  expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toEqual([[1, 2], [3]]);
  batches[1]?.answer();
  expect(await later).toBe(6);
});

test("batches begin no closer than their spacing, and the first after a quiet time begins at once", async () => {
  const { ask, batches, asked } = doubling(100);
  void ask(1);
  await vi.advanceTimersByTimeAsync(0);
  batches[0]?.answer();
  await vi.advanceTimersByTimeAsync(40);
  void ask(2);
  await vi.advanceTimersByTimeAsync(59);
  void ask(3);
  expect(asked()).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toEqual([[1], [2, 3]]);
  batches[1]?.answer();
  await vi.advanceTimersByTimeAsync(1000);
  void ask(4);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toEqual([[1], [2, 3], [4]]);
});
