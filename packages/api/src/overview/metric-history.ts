import { addBuckets, valueAtQuantile } from "@darkroom/contracts";
import { type MinutePoint, readMinutes } from "@darkroom/db";
import type { MetricHistory, Percentiles } from "../answers/index.ts";
import type { Services } from "../context.ts";

/** About as many steps as a chart on a screen shows. */
const steps = {
  "1h": { hours: 1, stepMinutes: 1 },
  "24h": { hours: 24, stepMinutes: 10 },
  "7d": { hours: 7 * 24, stepMinutes: 60 },
} as const;

/** What the last hour, day or week was like, from the stored minutes. */
export async function metricHistory(
  { database }: Pick<Services, "database">,
  range: MetricHistory["range"],
): Promise<MetricHistory> {
  const points = await readMinutes(database, steps[range]);
  const sum = (of: (point: MinutePoint) => number): number => points.reduce((total, point) => total + of(point), 0);
  const [succeeded, failed] = [sum((point) => point.succeeded), sum((point) => point.failed)];
  return {
    range,
    stepSeconds: steps[range].stepMinutes * 60,
    points: points.map(({ waits, runs, ...point }) => ({ ...point, wait: percentiles(waits), run: percentiles(runs) })),
    whole: {
      ...{ succeeded, failed, canceled: sum((point) => point.canceled) },
      failureRate: succeeded + failed === 0 ? null : failed / (succeeded + failed),
      wait: percentiles(addBuckets(points.map(({ waits }) => waits))),
      run: percentiles(addBuckets(points.map(({ runs }) => runs))),
    },
  };
}

function percentiles(counts: readonly number[]): Percentiles {
  return { p50: valueAtQuantile(counts, 0.5), p95: valueAtQuantile(counts, 0.95) };
}
