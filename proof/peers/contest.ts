/** One way to do a row's work. */
export interface Contender {
  readonly name: string;
  /** Does the work once and answers its figure; throws if anything was lost or done twice. */
  play(): Promise<number>;
}

/** A line of the table: who does it how fast. */
export interface Contest {
  readonly name: string;
  /** `per second` and `of the time`: more is better; else less is. */
  readonly unit: "per second" | "ms" | "of the time" | "commands a job";
  /** Ours first. */
  readonly contenders: readonly Contender[];
}

export interface Result {
  readonly name: string;
  readonly unit: Contest["unit"];
  /** Of each contender, ours first. `ratio`: ours ÷ this one, as medians. */
  readonly figures: readonly {
    readonly name: string;
    readonly median: number;
    readonly min: number;
    readonly max: number;
    readonly ratio: number;
  }[];
}

/** Lets everyone play in turn, `rounds` times, after one round that does not count: what troubles the machine troubles all. */
export async function hold({ name, unit, contenders }: Contest, rounds: number): Promise<Result> {
  const played = contenders.map((): number[] => []);
  for (let round = rounds === 1 ? 1 : 0; round <= rounds; round += 1)
    for (const [index, contender] of contenders.entries()) {
      const figure = await contender.play();
      if (round > 0) played[index]?.push(figure);
    }
  const medians = played.map(medianOf);
  const figures = contenders.map((contender, index) => {
    const median = medians[index] ?? Number.NaN;
    const all = played[index] ?? [];
    const ratio = (medians[0] ?? Number.NaN) / median;
    return { name: contender.name, median, min: Math.min(...all), max: Math.max(...all), ratio };
  });
  return { name, unit, figures };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** Calls `work` with 0 … count − 1, `width` of them under way at any time; answers how many were done per second. */
export async function perSecond(
  count: number,
  width: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: width }, lane));
  return count / ((performance.now() - startedAt) / 1000);
}

const shown = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 2);

/** The results as a Markdown table. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ name, unit, figures }) => {
    const [ours, ...others] = figures;
    const range = ours === undefined ? "" : `${shown(ours.median)} (${shown(ours.min)}–${shown(ours.max)})`;
    const beside = others.map(
      (other) => `${other.name} ${shown(other.median)} (${shown(other.min)}–${shown(other.max)})`,
    );
    const ratios = others.map((other) => `${other.ratio.toFixed(2)} × ${other.name}`);
    return `| ${name}, ${unit} | ${range} | ${beside.join("; ")} | ${ratios.join("; ")} |`;
  });
  return ["| what | ours | beside | ratio |", "|---|---|---|---|", ...rows].join("\n");
}
