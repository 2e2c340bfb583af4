import { execFileSync, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

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

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

// In Debian's package `prometheus`; where it is not installed, the tests above are all that can be said.
describe.skipIf(spawnSync("promtool", ["--version"]).error !== undefined)("Prometheus itself", () => {
  const folder = join(root, "deploy/monitoring");
  const promtool = (...args: string[]): string => execFileSync("promtool", args, { cwd: folder, encoding: "utf8" });

  test("reads the rules, and they fire as they should", () => {
    expect(promtool("check", "rules", "prometheus-rules.yml")).toContain("SUCCESS");
    expect(promtool("test", "rules", "prometheus-rules.test.yml")).toContain("SUCCESS");
  });

  test("reads every question of the dashboard", () => {
    const { panels } = JSON.parse(read("deploy/monitoring/grafana-dashboard.json")) as Dashboard;
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const rules = asked.map((expr, nth) => ({
      record: `asked:${nth}`,
      expr: expr.replaceAll("$__rate_interval", "5m"),
    }));
    const scratch = mkdtempSync(join(tmpdir(), "darkroom-rules-"));
    onTestFinished(() => rmSync(scratch, { recursive: true }));
    const file = join(scratch, "asked.yml");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
    expect(promtool("check", "rules", file)).toContain(`${asked.length} rules found`);
  });
});
