import { kept } from "./format.ts";
import { t } from "./language/say.ts";
import { locale } from "./language/spoken.ts";

/** Moments for people, in the language of the page. */

/** `just now`, `5 min ago`, `3 h ago`, `yesterday`, then the date. `now` in ms. */
export function formatAgo(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 45) return t`just now`;
  if (seconds < 3600) return t`${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return t`${Math.round(seconds / 3600)} h ago`;
  if (seconds < 172_800) return t`yesterday`;
  return formatDate(iso);
}

/** `Nov 28, 2026`, as the dates of {@link formatAgo}. Without a `timeZone` it is that of the machine: of the visitor, not on the server. */
export function formatDate(iso: string, timeZone?: string): string {
  const shown = { day: "numeric", month: "short", year: "numeric", timeZone } as const;
  return kept(`date ${timeZone}`, () => new Intl.DateTimeFormat(locale(), shown)).format(new Date(iso));
}

/** Date, time and zone. */
export function formatMoment(iso: string, timeZone?: string): string {
  const shown = { dateStyle: "medium", timeStyle: "long", timeZone } as const;
  return kept(`moment ${timeZone}`, () => new Intl.DateTimeFormat(locale(), shown)).format(new Date(iso));
}

/** A moment for titles: in the visitor's zone, and in UTC on a line of its own where that is another. */
export function formatMoments(iso: string): string {
  return [...new Set([formatMoment(iso), formatMoment(iso, "UTC")])].join("\n");
}

/** The day of a moment, as a heading: `Today`, `Yesterday`, `Wednesday, November 25`, with the year if it is another. */
export function formatDay(iso: string, now: number): string {
  const [day, today] = [new Date(iso), new Date(now)];
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  // Rounded, because the day on which clocks change has 23 or 25 hours.
  const days = Math.round((midnight(today) - midnight(day)) / 86_400_000);
  if (days === 0) return t`Today`;
  if (days === 1) return t`Yesterday`;
  const year = day.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale(), { weekday: "long", month: "long", day: "numeric", ...year }).format(day);
}
