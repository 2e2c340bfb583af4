import { describe, expect, it } from "vitest";
import { bareBytesOf, overBudget } from "./javascript.ts";

describe("the budget of JavaScript", () => {
  const bare = { route: "/_global-error/page", bytes: 100_000 };

  it("is less for the first page than for the others, as ratios to a bare page of the same build", () => {
    const routes = [bare, { route: "/page", bytes: 142_000 }, { route: "/history/page", bytes: 142_000 }];
    expect(overBudget(routes, bareBytesOf(routes))).toEqual([
      "/page loads 142.0 KB of JavaScript, 1.42 × a bare page; it may be 1.4 ×",
    ]);
  });

  it("is the same for every other page", () => {
    const routes = [bare, { route: "/ops/page", bytes: 145_000 }, { route: "/workflows/import/page", bytes: 146_000 }];
    expect(overBudget(routes, bareBytesOf(routes))).toEqual([
      "/workflows/import/page loads 146.0 KB of JavaScript, 1.46 × a bare page; it may be 1.45 ×",
    ]);
  });

  it("cannot be told without a bare page", () => {
    expect(() => bareBytesOf([])).toThrow("global errors");
  });
});
