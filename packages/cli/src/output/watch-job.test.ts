import { expect, test } from "vitest";
import { lineOf } from "./watch-job.ts";

test("progress is a bar with its message and what is left", () => {
  const event = { type: "job.progressed", progress: 50, message: "Step 2/4", etaSeconds: 1.2 } as Parameters<
    typeof lineOf
  >[0];
  expect(lineOf(event)).toBe("████████████░░░░░░░░░░░░ 50 % Step 2/4, 2 s left");
});
