import type { Step } from "@darkroom/contracts";
import { expect, test, vi } from "vitest";
import { createSteps } from "./steps.ts";

test("steps leave no gap between them, the last one ends once, and a clock that is set back makes none negative", () => {
  const noted: Omit<Step, "facts">[] = [];
  vi.useFakeTimers({ now: 1000 });
  const steps = createSteps({ name: "queue", startMs: 400 }, (step) => noted.push(step));
  steps.enter("claim", 900);
  steps.enter("run");
  vi.setSystemTime(950);
  steps.end("NODE_FAILED");
  steps.end();
  vi.useRealTimers();
  expect(noted).toEqual([
    { name: "queue", startMs: 400, endMs: 900 },
    { name: "claim", startMs: 900, endMs: 1000 },
    { name: "run", startMs: 1000, endMs: 1000, error: "NODE_FAILED" },
  ]);
});
