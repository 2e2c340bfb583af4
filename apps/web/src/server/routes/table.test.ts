import { doors } from "@darkroom/api";
import { expect, test } from "vitest";
import { findRoute, routes } from "./table.ts";

test("every route is in the table of doors, and the table has no other than the socket's", () => {
  const httpDoors = Object.keys(doors).filter((door) => door.includes(" "));
  expect(httpDoors.sort()).toEqual([...routes.map(({ door }) => door), "GET /ws"].sort());
});

test.each([
  ["/api/outputs/abc", "GET /api/outputs/:outputId", { outputId: "abc" }],
  ["/api/outputs.zip", "GET /api/outputs.zip", {}],
  ["/api/outputs/zip", "GET /api/outputs/:outputId", { outputId: "zip" }],
  ["/api/jobs/abc/preview", "GET /api/jobs/:jobId/preview", { jobId: "abc" }],
  ["/api/trpc/job.list,job.byId", "ANY /api/trpc/*", {}],
  ["/metrics", "GET /metrics", {}],
])("%s is answered by %s", (path, door, params) => {
  const found = findRoute(path);
  expect(found?.route.door).toBe(door);
  expect({ ...found?.params }).toEqual(params);
});

test.each(["/api/outputs/", "/api/outputs/a/b", "/api/jobs//preview", "/api/metrics", "/metrics/", "/"])(
  "%s is no route",
  (path) => {
    expect(findRoute(path)).toBeNull();
  },
);
