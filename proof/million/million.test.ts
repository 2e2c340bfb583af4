import { expect, inject, it } from "vitest";
import { type Figure, measureMillion } from "./million.ts";
import { deepPages, lineOf } from "./report.ts";

it("measures every list, search and periodic query and a job's life in two databases", async () => {
  const figures: Figure[] = [];
  await measureMillion(inject("postgresUrl"), {
    redisUrl: inject("redisUrl"),
    sizes: { small: 1500, large: 3000, owners: 200 },
    calls: 1,
    say: () => undefined,
    tell: (figure) => figures.push(figure),
  });
  expect(new Set(figures.map(({ kind }) => kind))).toEqual(
    new Set(["lists", "searches", "periodic", "http", "writes"]),
  );
  for (const { name, small, large } of figures)
    expect([name, small.length, large.length]).toEqual([name, large.length, expect.any(Number)]);
  const lines = [...figures.map(lineOf), ...deepPages(figures)].map(({ text }) => text);
  expect(lines.length).toBeGreaterThan(figures.length);
  expect(lines.filter((line) => /NaN|undefined/.test(line))).toEqual([]);
}, 180_000);
