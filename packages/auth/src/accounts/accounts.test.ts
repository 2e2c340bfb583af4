import { expect, test } from "vitest";
import { setupAuth } from "../testing/setup-auth.ts";

test("guessing passwords is slowed down with a Retry-After", async () => {
  const { post } = await setupAuth();
  const tries = await Promise.all(
    Array.from({ length: 21 }, () => post("/sign-in/email", { email: "a@example.com", password: "wrong password" })),
  );
  const refused = tries.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(1);
  expect(Number(refused[0]?.retryAfter)).toBeGreaterThan(0);
});
