import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withDeadline } from "./deadline.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => undefined);

test("what settles in time is the answer, and leaves no timer behind", async () => {
  await expect(withDeadline(Promise.resolve(1), 1000, () => 2)).resolves.toBe(1);
  const failure = new Error("refused");
  await expect(withDeadline(Promise.reject(failure), 1000, () => 2)).rejects.toBe(failure);
  expect(vi.getTimerCount()).toBe(0);
});

test("what takes longer is answered by onLate, which may throw", async () => {
  const answered = withDeadline(never, 1000, () => "late");
  const refused = withDeadline(never, 1000, () => {
    throw new Error("too late");
  });
  refused.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(1000);
  await expect(answered).resolves.toBe("late");
  await expect(refused).rejects.toThrow("too late");
});

test("a failure after the deadline reaches nobody", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const answered = withDeadline(promise, 1000, () => "late");
  await vi.advanceTimersByTimeAsync(1000);
  reject(new Error("nobody waits for it any more"));
  await expect(answered).resolves.toBe("late");
});

test("a process that was busy for longer than the deadline hears first what arrived meanwhile", async () => {
  vi.useRealTimers();
  const answered = withDeadline(readFile(import.meta.filename, "utf8"), 50, () => "late");
  const begunAt = performance.now();
  while (performance.now() - begunAt < 300);
  await expect(answered).resolves.toContain("hears first");
});
