import { afterEach, describe, expect, test } from "vitest";
import { armFailpoint, disarmFailpoint, type Failpoint, failpoint, parseFailpoint } from "./failpoint.ts";

afterEach(disarmFailpoint);

function arm(text: string) {
  const armed = parseFailpoint(text);
  if (armed === null) throw new Error(`${text} is no failpoint`);
  const hits: (Failpoint | "crash")[] = [];
  armFailpoint(armed, { crash: () => void hits.push("crash"), onHit: (point) => void hits.push(point) });
  return hits;
}

describe("parseFailpoint", () => {
  test.each([
    ["settle.committed:crash", { point: "settle.committed", kind: "crash", delayMs: 0, nth: null }],
    ["take.taken:delay=250@3", { point: "take.taken", kind: "delay", delayMs: 250, nth: 3 }],
  ])("%s is read", (text, expected) => expect(parseFailpoint(text)).toEqual(expected));

  test.each([
    "",
    "settle.committed",
    "settle.comitted:crash",
    "take.taken:delay",
    "take.taken:crash@0",
    "take.taken:boom",
  ])("%j is refused", (text) => expect(parseFailpoint(text)).toBeNull());
});

describe("a failpoint", () => {
  test("that is not armed does nothing and gives nothing to wait for", () => {
    expect(failpoint("take.taken")).toBeUndefined();
    arm("settle.committed:error");
    expect(failpoint("take.taken")).toBeUndefined();
  });

  test("acts at the n-th time only", () => {
    const hits = arm("take.taken:reset@2");
    expect(failpoint("take.taken")).toBeUndefined();
    expect(() => failpoint("take.taken")).toThrow(expect.objectContaining({ code: "ECONNRESET" }));
    expect(failpoint("take.taken")).toBeUndefined();
    expect(hits).toEqual(["take.taken"]);
  });

  test("that crashes lets nothing after it happen", async () => {
    const hits = arm("take.taken:crash");
    const after = failpoint("take.taken")?.then(() => "went on");
    expect(await Promise.race([after, new Promise((resolve) => setImmediate(resolve, "still waiting"))])).toBe(
      "still waiting",
    );
    expect(hits).toEqual(["take.taken", "crash"]);
  });

  test("that delays goes on afterwards", async () => {
    arm("take.taken:delay=5");
    await expect(failpoint("take.taken")).resolves.toBeUndefined();
  });
});
