import { expect, it } from "vitest";
import { secondsSince, timelineText } from "./timeline-text.ts";

const item = (type: string, payload: Record<string, unknown> = {}) => ({ type, at: "", attempt: 1, payload });

it("an entry says what happened and what was the reason", () => {
  expect(timelineText(item("job.started", { backend: "gpu:8188" }))).toEqual({ title: "Started", detail: "gpu:8188" });
  expect(timelineText(item("job.staged", { stage: "saving" })).title).toBe("Saving");
  expect(timelineText(item("job.retried", { reason: "lease-expired", failure: null }))).toEqual({
    title: "Back in the queue: its worker was lost",
    detail: null,
  });
  const { title } = timelineText(item("job.retried", { reason: "backend-gone", failure: null }));
  expect(title).toBe("Back in the queue: its server is gone, so it starts again on whichever is free");
  expect(timelineText(item("job.failed", { failure: { message: "Out of memory." } })).detail).toBe("Out of memory.");
});

it("the time of a step counts from the one before", () => {
  const items = [{ at: "2026-11-21T12:00:00Z" }, { at: "2026-11-21T12:00:02.500Z" }];
  expect(secondsSince(items, 0)).toBeNull();
  expect(secondsSince(items, 1)).toBe(2.5);
});
