import { formatSeconds } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { locale } from "../../../language/spoken.ts";
import type { MetricHistory } from "../../../trpc/hooks/operators/use-monitor.ts";

const hours = { "1h": 1, "24h": 24, "7d": 7 * 24 } as const;

export interface HistoryPoint {
  /** Seconds since 1970. */
  readonly at: number;
  /** Null: nothing was noted in this step. */
  readonly stored: MetricHistory["points"][number] | null;
}

/** Every step of the range, so that a chart shows how long nothing was noted. Ends with the newest step that is known. */
export function filledPoints({ range, stepSeconds, points }: MetricHistory, now = Date.now()): HistoryPoint[] {
  const byTime = new Map(points.map((point) => [Date.parse(point.at) / 1000, point]));
  const current = Math.floor(now / 1000 / stepSeconds) * stepSeconds;
  const newest = Math.max(0, ...byTime.keys());
  // The step that is not over yet has no minute for a while: it would end each line a little too early.
  const end = newest === 0 ? current : Math.min(current, Math.max(newest, current - stepSeconds));
  const steps = Math.floor((hours[range] * 3600) / stepSeconds);
  return Array.from({ length: steps }, (_, index) => {
    const at = end - (steps - 1 - index) * stepSeconds;
    return { at, stored: byTime.get(at) ?? null };
  });
}

/** A share in percent; a small one with a digit more. */
function percentText(share: number): string {
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  return (share * 100).toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The whole range in one sentence. */
export function wholeSentence({ succeeded, failed, canceled, failureRate, wait, run }: MetricHistory["whole"]): string {
  const ended = succeeded + failed + canceled;
  if (ended === 0) return t`Nothing ended in this time.`;
  const parts = [t`${ended} ended`];
  if (failureRate !== null) parts.push(t`${percentText(failureRate)} % failed`);
  if (wait.p50 !== null && wait.p95 !== null)
    parts.push(t`half waited less than ${formatSeconds(wait.p50)}, 95 % less than ${formatSeconds(wait.p95)}`);
  if (run.p50 !== null && run.p95 !== null)
    parts.push(t`half ran less than ${formatSeconds(run.p50)}, 95 % less than ${formatSeconds(run.p95)}`);
  return `${parts.join("; ")}.`;
}
