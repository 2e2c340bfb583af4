import { expect, it, vi } from "vitest";
import { createSharedReads } from "./shared-reads.ts";

it("one read answers all who ask while the one before is under way, and none is answered with what is older than its question", async () => {
  const shared = createSharedReads();
  let value = 1;
  const gates: (() => void)[] = [];
  // It reads what is there when it begins, as a statement does, and answers when its gate opens.
  const read = vi.fn(async () => {
    const seen = value;
    await new Promise<void>((resolve) => gates.push(resolve));
    return seen;
  });

  const first = shared("a", read);
  value = 2;
  const later = [shared("a", read), shared("a", read), shared("a", read)];
  const other = shared("b", read);
  gates[0]?.();
  expect(await first).toBe(1);
  await vi.waitFor(() => expect(gates).toHaveLength(3));
  for (const open of gates) open();
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  expect(await other).toBe(2);
  expect(read).toHaveBeenCalledTimes(3);
});

it("who asked while a read was under way that failed is answered by the next one", async () => {
  const shared = createSharedReads();
  const failing = shared("a", () => Promise.reject(new Error("gone")));
  const next = shared("a", async () => "here");
  await expect(failing).rejects.toThrow("gone");
  expect(await next).toBe("here");
  expect(await shared("a", async () => "again")).toBe("again");
});

it("a read that is stuck holds nobody up for long", async () => {
  const shared = createSharedReads();
  const stuck = Promise.withResolvers<string>();
  const first = shared("a", () => stuck.promise);
  expect(await shared("a", async () => "here")).toBe("here");
  stuck.resolve("late");
  expect(await first).toBe("late");
});
