import type { JobState } from "@darkroom/contracts";
import { type inferParserType, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs";
import type { HistoryFilter } from "../../../trpc/feed/history-pages.ts";

/** What can be chosen of a job's state. */
export const stateChoices = ["open", "succeeded", "failed", "canceled"] as const;
export const whenChoices = ["today", "week", "month", "between"] as const;

const statesOf: Readonly<Record<(typeof stateChoices)[number], readonly JobState[]>> = {
  open: ["queued", "running", "canceling"],
  succeeded: ["succeeded"],
  failed: ["failed"],
  canceled: ["canceled"],
};

/** What the address says of the list: whoever follows it, or comes back, sees the same. */
export const historyParsers = {
  q: parseAsString.withDefault(""),
  state: parseAsStringLiteral(stateChoices),
  favorite: parseAsBoolean.withDefault(false),
  workflow: parseAsString,
  when: parseAsStringLiteral(whenChoices),
  /** Days of `between`, `2026-11-29`, the last one included. */
  from: parseAsString,
  to: parseAsString,
  batch: parseAsString,
  view: parseAsStringLiteral(["grid", "rows"] as const).withDefault("grid"),
};

export type HistoryQuery = inferParserType<typeof historyParsers>;

/** The parts that narrow the list, as they are while nothing does. */
export const everything = {
  ...{ q: null, state: null, favorite: null, workflow: null, when: null, from: null, to: null, batch: null },
} satisfies { [key in Exclude<keyof HistoryQuery, "view">]: null };

/** Whether anything narrows the list. */
export function isNarrowed({ q, state, favorite, workflow, when, batch }: HistoryQuery): boolean {
  return q.trim() !== "" || favorite || [state, workflow, when, batch].some((value) => value !== null);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What to ask the server for. Days are the visitor's own, and `now` is only looked at for its day. */
export function filterOf(query: HistoryQuery, now: Date): HistoryFilter {
  const { state, favorite, workflow, batch } = query;
  const search = query.q.trim();
  return {
    states: state === null ? undefined : statesOf[state],
    favorite: favorite || undefined,
    workflow: workflow ?? undefined,
    // What is no id is no batch, and the server would refuse it; an address may have been written by hand.
    batchId: batch !== null && UUID.test(batch) ? batch.toLowerCase() : undefined,
    search: search === "" ? undefined : search,
    ...daysOf(query, now),
  };
}

const DAYS = { today: 0, week: 6, month: 29 } as const;

function daysOf({ when, from, to }: HistoryQuery, now: Date): Pick<HistoryFilter, "from" | "to"> {
  if (when === null) return {};
  if (when === "between") return { from: midnight(from, 0), to: midnight(to, 1) };
  return { from: new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS[when]).toISOString() };
}

/** When a day `2026-11-29` begins here, or the one so many days after it; undefined for what is no day. */
function midnight(day: string | null, later: number): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "") ?? [];
  if (year === undefined) return undefined;
  const at = new Date(Number(year), Number(month) - 1, Number(date) + later);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
