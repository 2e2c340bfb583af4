import { expect, test } from "vitest";
import { errorFacts } from "./errors.ts";

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

test.each(["40001", "40P01", "55P03", "53100", "57P01", "EHOSTUNREACH", "CONNECTION_CLOSED"])(
  "Postgres that could not answer (%s) is a 503 that says when to try again",
  (code) => {
    const facts = errorFacts(new Error("Failed query: select secret", { cause: withCode(code) }));
    expect(facts).toMatchObject({ code: "UNAVAILABLE", httpStatus: 503, retryAfterSeconds: 2 });
    expect(facts.message).not.toContain("secret");
  },
);

test.each(["23505", "42601", "XX000"])("a request that Postgres refuses (%s) is a bug of ours", (code) => {
  expect(errorFacts(withCode(code))).toMatchObject({ code: "INTERNAL", httpStatus: 500, retryAfterSeconds: null });
});
