import { apiKeyScopes, newId, type Principal } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { createInFlight, MAX_IN_FLIGHT } from "./in-flight.ts";

const caller = (kind: Principal["kind"]): Principal => {
  const ownerId = newId();
  return { kind, ownerId, ownerIds: [ownerId], role: "member", displayName: null, scopes: apiKeyScopes, isNew: false };
};

test("a caller has sixteen calls in flight; the next waits for one of them, and nobody else does", async () => {
  const enter = createInFlight();
  const [busy, other] = [caller("apiKey"), caller("apiKey")];
  const leaves = await Promise.all(Array.from({ length: MAX_IN_FLIGHT }, () => enter(busy, undefined)));
  let isIn = false;
  const next = enter(busy, undefined).then((leave) => {
    isIn = true;
    return leave;
  });
  (await enter(other, undefined))();
  expect(isIn).toBe(false);
  leaves[0]?.();
  (await next)();
  for (const leave of leaves.slice(1)) leave();
  await Promise.all(Array.from({ length: MAX_IN_FLIGHT }, () => enter(busy, undefined)));
});

test("a call that finds no place in time is refused with Retry-After, and leaves the queue", async () => {
  const enter = createInFlight({ patienceMs: 10 });
  const busy = caller("account");
  const leaves = await Promise.all(Array.from({ length: MAX_IN_FLIGHT }, () => enter(busy, undefined)));
  await expect(enter(busy, undefined)).rejects.toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: 1 });
  leaves[0]?.();
  await enter(busy, undefined);
});

test("calls beyond a bounded queue are refused at once", async () => {
  const enter = createInFlight({ patienceMs: 60_000 });
  const busy = caller("account");
  const many = await Promise.allSettled([
    ...Array.from({ length: MAX_IN_FLIGHT }, () => enter(busy, undefined)),
    ...Array.from({ length: 200 }, () =>
      Promise.race([enter(busy, undefined), new Promise((resolve) => setImmediate(resolve))]),
    ),
  ]);
  expect(many.filter(({ status }) => status === "rejected")).toHaveLength(200 - 64);
});

test("the guests of one address share what they have in flight, however many they are; accounts do not", async () => {
  const enter = createInFlight({ patienceMs: 10 });
  const address = "203.0.113.9";
  await Promise.all(Array.from({ length: 4 * MAX_IN_FLIGHT }, () => enter(caller("guest"), address)));
  await expect(enter(caller("guest"), address)).rejects.toMatchObject({ code: "RATE_LIMITED" });
  await enter(caller("account"), address);
  await enter(caller("guest"), "203.0.113.10");
});
