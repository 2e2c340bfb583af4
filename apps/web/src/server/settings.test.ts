import { expect, test } from "vitest";
import { readEnvironment } from "./env.ts";
import { limitsOf } from "./settings.ts";

test("a limit is everybody's, and another's where a role has its own", () => {
  const env = readEnvironment({
    ...{ NODE_ENV: "production" as const, DATABASE_URL: "postgres://127.0.0.1/x", REDIS_URL: "redis://127.0.0.1" },
    ...{ SUBMITS_PER_MINUTE: "20, guest=5, admin=600", GENERATIONS_PER_HOUR: "200" },
  });
  const limits = limitsOf(env);
  const usual = { submitsPerMinute: 20, generationsPerHour: 200, maxWaitingPerOwner: 20 };
  expect(limits("member")).toMatchObject(usual);
  expect(limits("operator")).toMatchObject(usual);
  expect(limits("guest")).toMatchObject({ ...usual, submitsPerMinute: 5 });
  expect(limits("admin")).toMatchObject({ ...usual, submitsPerMinute: 600 });
});
