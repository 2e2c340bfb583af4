import { expect, it } from "vitest";
import { problemOf } from "./accounts.ts";

it("a refusal says what to do next, whoever refused", () => {
  expect(problemOf(401, { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" })).toMatch(
    /Check both/,
  );
  expect(problemOf(429, null)).toMatch(/Wait a minute/);
  const taken = { code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", message: "User already exists. Use another email." };
  expect(problemOf(422, taken)).toMatch(/Sign in instead/);
  expect(problemOf(400, { code: "PASSWORD_TOO_SHORT", message: "Password too short" })).toBe("Password too short.");
  const ours = { error: { code: "FORBIDDEN", message: "There are no accounts here.", requestId: "r" } };
  expect(problemOf(403, ours)).toBe("There are no accounts here.");
  expect(problemOf(502, null)).toMatch(/Try again/);
});
