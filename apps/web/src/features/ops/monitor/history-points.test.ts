import { expect, test } from "vitest";
import type { MetricHistory } from "../../../trpc/hooks/operators/use-monitor.ts";
import { filledPoints, wholeSentence } from "./history-points.ts";

const none = { p50: null, p95: null };
const whole = { succeeded: 0, failed: 0, canceled: 0, failureRate: null, wait: none, run: none };
const at = (iso: string) => ({ at: iso }) as MetricHistory["points"][number];

test("a chart has every step of its range, with those of which nothing was noted, and ends with the newest that is over", () => {
  const points = [at("2026-01-01T11:57:00.000Z"), at("2026-01-01T11:59:00.000Z")];
  const history: MetricHistory = { range: "1h", stepSeconds: 60, points, whole };
  const filled = filledPoints(history, Date.parse("2026-01-01T12:00:30.000Z"));
  expect(filled).toHaveLength(60);
  expect(filled.slice(-3).map(({ stored }) => stored?.at ?? null)).toEqual([points[0]?.at, null, points[1]?.at]);
  expect(filledPoints({ ...history, points: [] }, 0)).toHaveLength(60);
});

test("the sentence of a range says what is known", () => {
  expect(wholeSentence(whole)).toBe("Nothing ended in this time.");
  const busy = { ...whole, succeeded: 196, failed: 4, failureRate: 0.02, wait: { p50: 1, p95: 20 } };
  expect(wholeSentence(busy)).toBe("200 ended; 2.0 % failed; half waited less than 1.0 s, 95 % less than 20 s.");
});
