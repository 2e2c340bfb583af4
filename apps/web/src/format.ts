import { t } from "./language/say.ts";
import { language, locale } from "./language/spoken.ts";

/** Text for people from numbers and times, in the language of the page; everything that shows a quantity uses these. */

/** What formats is kept, because it takes a browser about a millisecond to make: a page full of cards has hundreds of texts. */
const formats = new Map<string, Format>();

type Format = Pick<Intl.NumberFormat, "format"> | Pick<Intl.DateTimeFormat, "format">;

/** The one of that name in the language of the page, made at its first use. */
export function kept<Kind extends Format>(name: string, make: () => Kind): Kind {
  const key = `${locale()} ${name}`;
  const held = (formats.get(key) as Kind | undefined) ?? make();
  formats.set(key, held);
  return held;
}

/** `0.8`: one digit behind the point, which is a comma elsewhere. */
const tenths = (value: number): string =>
  kept("tenths", () => new Intl.NumberFormat(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 })).format(
    value,
  );

/** `0.8 s`, `12 s`, `3 min 20 s`, `1 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const value = Math.max(0, seconds);
  if (value < 9.95) return `${tenths(value)} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `480 ms`, from a second on as {@link formatSeconds}. */
export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(Math.max(0, ms))} ms` : formatSeconds(ms / 1000);
}

/** A running clock: whole seconds, never below zero. `7 s`, `1 min 5 s`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 10 ? `${whole} s` : formatSeconds(whole);
}

/** An estimate, coarse on purpose: `amount` is meant about or at most, and a moment has none. */
export type Estimate = { readonly is: "moment" } | { readonly is: "about" | "at most"; readonly amount: string };

/** @param range between which values it probably is, in seconds; null if it hardly may be off */
export function estimate(seconds: number, range: readonly [low: number, high: number] | null = null): Estimate {
  const [low, high] = range ?? [seconds, seconds];
  // Within a fifth is what "about" says anyway, and of some seconds nobody asks how many.
  if (high <= 10 || high - low <= 0.4 * seconds) {
    if (seconds < 1.5) return { is: "moment" };
    if (seconds < 60) return { is: "about", amount: `${Math.round(seconds)} s` };
    const amount = seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
    return { is: "about", amount };
  }
  const grid = gridOf(high);
  const [from, to] = [Math.round(low / grid.seconds) * grid.count, Math.round(high / grid.seconds) * grid.count];
  if (from === 0 && to > 0) return { is: "at most", amount: `${to} ${grid.unit}` };
  return { is: "about", amount: from === to ? `${to} ${grid.unit}` : `${from}–${to} ${grid.unit}` };
}

/** `about 12 s`, `about 3 min`; of one that may be off `about 2–3 min`, `up to 15 s`. Parameters as of {@link estimate}. */
export function formatEta(...given: Parameters<typeof estimate>): string {
  const about = estimate(...given);
  if (about.is === "moment") return t`a moment`;
  return about.is === "about" ? t`about ${about.amount}` : t`up to ${about.amount}`;
}

/** What an estimate of so many seconds is rounded to: `count` of `unit`. */
function gridOf(seconds: number): { readonly seconds: number; readonly count: number; readonly unit: string } {
  if (seconds < 57.5) return { seconds: 5, count: 5, unit: "s" };
  if (seconds < 600) return { seconds: 60, count: 1, unit: "min" };
  return seconds < 7200 ? { seconds: 300, count: 5, unit: "min" } : { seconds: 3600, count: 1, unit: "h" };
}

/** 1 → `1st`, 2 → `2nd`, 11 → `11th`; in German `1.`. */
export function ordinal(n: number): string {
  if (language() === "de") return `${n}.`;
  const teens = n % 100 >= 11 && n % 100 <= 13;
  const suffix = teens ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${suffix}`;
}

/** 0 is `next in line`, 1 is `2nd in line`. */
export function formatPosition(position: number): string {
  return position === 0 ? t`next in line` : t`${ordinal(position + 1)} in line`;
}

/** `830 B`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? tenths(value) : Math.round(value)} ${units[unit]}`;
}

/** `text` with at most `length` characters, cut at a word where there is one. */
export function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= length) return line;
  const cut = line.slice(0, length - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > length * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
