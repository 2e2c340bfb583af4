import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBatcher } from "./batcher.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A batcher that doubles numbers; each batch is answered when the test says so. */
function doubling(
  spacingMs = 0,
  options: { enough?: number; ahead?: number; settleMs?: number; patienceMs?: number } = {},
) {
  const batches: { numbers: readonly number[]; answer(): void; fail(reason: Error): void }[] = [];
  const ask = createBatcher<number, number>(
    (numbers) => {
      const { promise, resolve, reject } = Promise.withResolvers<number[]>();
      batches.push({ numbers, answer: () => resolve(numbers.map((number) => 2 * number)), fail: reject });
      return promise;
    },
    { spacingMs, ...options },
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

test("a batch that is not answered holds up the next no longer than the patience lasts", async () => {
  const { ask, batches, asked } = doubling(0, { patienceMs: 100 });
  const first = ask(1);
  await vi.advanceTimersByTimeAsync(0);
  const second = ask(2);
  await vi.advanceTimersByTimeAsync(99);
  expect(asked()).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toEqual([[1], [2]]);
  batches[1]?.answer();
  expect(await second).toBe(4);
  batches[0]?.answer();
  expect(await first).toBe(2);
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

test("a batch of enough questions waits for no distance, and takes none from those after it", async () => {
  const { ask, batches, asked } = doubling(100, { enough: 3 });
  void ask(1);
  await vi.advanceTimersByTimeAsync(0);
  batches[0]?.answer();
  await vi.advanceTimersByTimeAsync(10);
  for (const number of [2, 3]) void ask(number);
  await vi.advanceTimersByTimeAsync(10);
  expect(asked()).toEqual([[1]]);
  void ask(4);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toEqual([[1], [2, 3, 4]]);
  batches[1]?.answer();
  void ask(5);
  await vi.advanceTimersByTimeAsync(79);
  expect(asked()).toEqual([[1], [2, 3, 4]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toEqual([[1], [2, 3, 4], [5]]);
});

test("some batches go ahead of their distance, and come back with time", async () => {
  const { ask, batches, asked } = doubling(100, { ahead: 2 });
  const next = async (number: number) => {
    void ask(number);
    await vi.advanceTimersByTimeAsync(0);
    batches.at(-1)?.answer();
    await vi.advanceTimersByTimeAsync(0);
  };
  for (const number of [1, 2, 3, 4]) await next(number);
  expect(asked()).toEqual([[1], [2], [3]]);
  await vi.advanceTimersByTimeAsync(100);
  expect(asked()).toEqual([[1], [2], [3], [4]]);
  batches.at(-1)?.answer();
  await vi.advanceTimersByTimeAsync(200);
  for (const number of [5, 6, 7]) await next(number);
  expect(asked()).toEqual([[1], [2], [3], [4], [5], [6]]);
});

test("those who come one soon after the other are one batch, which begins once nobody else has come for a moment", async () => {
  const { ask, asked } = doubling(100, { ahead: 10, settleMs: 2 });
  for (const number of [1, 2, 3]) {
    void ask(number);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(asked()).toEqual([]);
  await vi.advanceTimersByTimeAsync(3);
  expect(asked()).toEqual([[1, 2, 3]]);
});

test("nobody waits longer than the spacing for others who keep coming", async () => {
  const { ask, batches } = doubling(100, { ahead: 10, settleMs: 2 });
  for (let number = 0; number <= 102; number += 1) {
    void ask(number);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(batches[0]?.numbers[0]).toBe(0);
});

test("a batch of enough questions waits for nobody else to come", async () => {
  const { ask, asked } = doubling(100, { enough: 2, settleMs: 2 });
  for (const number of [1, 2]) void ask(number);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toEqual([[1, 2]]);
});
