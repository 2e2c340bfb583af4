import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** What the sources name like a metric; a histogram has three more of each. */
function metricNames(): Set<string> {
  const sources = globSync("{apps,packages}/*/src/**/*.ts", { cwd: root, exclude: ["**/node_modules"] }).map(read);
  const names = sources.flatMap((text) => [...text.matchAll(/"(darkroom_[a-z_]+)"/g)].map(([, name = ""]) => name));
  return new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]));
}

test.each(["prometheus-rules.yml", "grafana-dashboard.json"])("%s asks only for metrics that there are", (file) => {
  const names = metricNames();
  const asked = [...new Set(read(`deploy/monitoring/${file}`).match(/\bdarkroom_[a-z_]+/g) ?? [])];
  expect(asked.length).toBeGreaterThan(6);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});

test("the dashboard is one that Grafana reads", () => {
  const { title, panels } = JSON.parse(read("deploy/monitoring/grafana-dashboard.json")) as {
    title: string;
    panels: { id: number; title: string; targets: { expr: string }[] }[];
  };
  expect(title).toBe("Darkroom");
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { title: name, targets } of panels) expect([name, targets.length > 0]).toEqual([name, true]);
});
