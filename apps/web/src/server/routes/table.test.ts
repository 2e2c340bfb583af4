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
  ["/api/v1/uploads", "ANY /api/v1/*", {}],
  ["/api/v1/jobs/abc/events", "GET /api/v1/jobs/:jobId/events", { jobId: "abc" }],
])("%s is answered by %s", (path, door, params) => {
  const found = findRoute("GET", path);
  expect(found?.route.door).toBe(door);
  expect({ ...found?.params }).toEqual(params);
});

test("a path that two doors share is answered by the one of its method", () => {
  expect(findRoute("POST", "/api/v1/uploads")?.route.door).toBe("POST /api/v1/uploads");
  expect(findRoute("POST", "/metrics")?.route.door).toBe("GET /metrics");
});

test.each(["/api/outputs/", "/api/outputs/a/b", "/api/jobs//preview", "/api/metrics", "/metrics/", "/"])(
  "%s is no route",
  (path) => {
    expect(findRoute("GET", path)).toBeNull();
  },
);
