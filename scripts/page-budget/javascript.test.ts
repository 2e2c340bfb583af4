import { describe, expect, it } from "vitest";
import { bareBytesOf, goalOf, overBudget } from "./javascript.ts";

describe("the budget of JavaScript", () => {
  const bare = { route: "/_global-error/page", bytes: 100_000 };

  it("is less for the first page than for the others, as ratios to a bare page of the same build", () => {
    const routes = [bare, { route: "/page", bytes: 142_000 }, { route: "/history/page", bytes: 142_000 }];
    expect(overBudget(routes, bareBytesOf(routes), goalOf)).toEqual([
      "/page loads 142.0 KB of JavaScript, 1.42 × a bare page; it may be 1.4 ×",
    ]);
  });

  it("is a little more for a route that is not there yet, and no more than that", () => {
    const routes = [bare, { route: "/ops/page", bytes: 153_000 }, { route: "/history/page", bytes: 152_000 }];
    expect(overBudget(routes, bareBytesOf(routes))).toEqual([expect.stringContaining("/history/page loads 152.0 KB")]);
  });

  it("cannot be told without a bare page", () => {
    expect(() => bareBytesOf([])).toThrow("global errors");
  });
});
