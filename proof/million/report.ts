import { percentile } from "../../scripts/bench/percentile.ts";
import type { Figure } from "./million.ts";

/** The most milliseconds that 99 of 100 calls may take in the large database; null: it has only to be bounded. */
function targetOf({ kind, name }: Figure): number | null {
  if (kind === "lists") return 5;
  if (kind === "http") return 25;
  if (kind === "searches") return name.includes("two letters") ? 300 : name.includes("rare") ? 50 : null;
  return name === "recentRuns" ? 5 : null;
}

/** How much more the large database may take for what is stored, by the medians. */
const MOST_GROWTH_OF_WRITES = 1.2;
/** The most milliseconds that 95 of 100 of them may take: what becomes of a job is written down at once. */
const MOST_MS_OF_WRITES = 10;
/** How much more the thousandth page may take than the first, by the medians. */
const MOST_OF_DEEP_PAGE = 1.2;

export interface Line {
  readonly text: string;
  readonly isMet: boolean;
}

const ms = (values: readonly number[], share: number): string => percentile(values, share).toFixed(2);

/** What both databases took, how much more the large one, and the target if there is one. */
export function lineOf(figure: Figure): Line {
  const { kind, name, small, large } = figure;
  const target = targetOf(figure);
  const growth = percentile(large, 0.5) / percentile(small, 0.5);
  const isMet =
    kind === "writes"
      ? growth <= MOST_GROWTH_OF_WRITES && percentile(large, 0.95) <= MOST_MS_OF_WRITES
      : target === null || percentile(large, 0.99) <= target;
  const goal =
    kind === "writes"
      ? `growth ≤ ${MOST_GROWTH_OF_WRITES}, p95 ≤ ${MOST_MS_OF_WRITES}`
      : target === null
        ? ""
        : `p99 ≤ ${target}`;
  const both = [small, large].map((values) => `${ms(values, 0.5)} / ${ms(values, 0.99)}`.padStart(16));
  return { text: `${name.padEnd(58)}${both.join("")}   × ${growth.toFixed(2).padEnd(8)}${goal}`, isMet };
}

/** Each thousandth page beside its first one. */
export function deepPages(figures: readonly Figure[]): Line[] {
  return figures.flatMap(({ name, large }) => {
    const first = figures.find((figure) => name.endsWith("page 1000") && figure.name === firstPageOf(name));
    if (first === undefined) return [];
    const ratio = percentile(large, 0.5) / percentile(first.large, 0.5);
    const text = `${name} ÷ ${first.name}: ${ratio.toFixed(2)} (at most ${MOST_OF_DEEP_PAGE})`;
    return [{ text, isMet: ratio <= MOST_OF_DEEP_PAGE }];
  });
}

const firstPageOf = (name: string): string =>
  name.includes("workflow") ? name.replace(", page 1000", "") : name.replace("page 1000", "page 1");
