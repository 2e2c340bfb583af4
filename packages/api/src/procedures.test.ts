import { apiKeyScopes, DarkroomError, type Principal } from "@darkroom/contracts";
import { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";
import { z } from "zod";
import { authorize } from "./access/authorize.ts";
import { accessTo, doors } from "./access/doors.ts";
import { appRouter } from "./app-router.ts";
import { errorFacts } from "./errors.ts";
import { setup } from "./testing/setup.ts";

const procedures = Object.entries(appRouter._def.procedures).map(
  ([path, procedure]) => [path, (procedure as unknown as { _def: { type: string } })._def.type] as const,
);

test("every procedure is in the table of doors, and the table has no other", () => {
  const inTable = Object.keys(doors).filter((door) => !door.includes(" "));
  expect(procedures.length).toBeGreaterThan(25);
  expect(inTable.sort()).toEqual(procedures.map(([path]) => path).sort());
});

test("what changes something never takes a key that may only read", () => {
  for (const [path, type] of procedures) {
    if (type === "mutation") expect(accessTo(path)?.keys, path).not.toEqual(["read"]);
  }
});

test("nobody gets past what the table says of a door", () => {
  const roles = ["blocked", "guest", "member", "operator", "admin"] as const;
  const principal = (role: Principal["role"], kind: Principal["kind"], scopes: Principal["scopes"]): Principal => {
    return { kind, ownerId: "o", ownerIds: ["o"], role, displayName: null, scopes, isNew: false };
  };
  const may = (door: string, who: Principal): boolean => {
    try {
      authorize(door, who);
      return true;
    } catch {
      return false;
    }
  };
  for (const [door, { role: needs, keys }] of Object.entries(doors)) {
    const needed = needs === "public" ? 0 : roles.indexOf(needs);
    for (const [index, role] of roles.entries()) {
      expect(may(door, principal(role, "account", apiKeyScopes)), `${door} as ${role}`).toBe(index >= needed);
    }
    for (const scopes of [[], ["read"], ["submit"], ["read", "submit"]] as const) {
      const isEnough = keys !== "refused" && keys.every((scope) => scopes.some((given) => given === scope));
      expect(may(door, principal("admin", "apiKey", scopes)), `${door} with ${scopes.join()}`).toBe(isEnough);
    }
  }
  expect(may("job.missing", principal("admin", "account", apiKeyScopes))).toBe(false);
  expect(may("toString", principal("admin", "account", apiKeyScopes))).toBe(false);
});

test("what the operators' pages ask is forbidden to guests and members", async () => {
  const api = await setup();
  for (const who of [api.guest(), await api.account("member")]) {
    const caller = api.as(who);
    for (const call of [
      () => caller.monitor.overview(),
      () => caller.queue.stats(),
      () => caller.queue.pause(),
      () => caller.backend.list(),
      () => caller.backend.drain({ backendId: "b1" }),
      () => caller.user.list(),
      () => caller.job.list({ all: true }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  }
});

test("an operator sees and pauses the queue; only an admin sets roles, and not their own", async () => {
  const api = await setup();
  const operator = await api.account("operator");
  const admin = await api.account("admin");
  await api.as(operator).queue.pause();
  expect(await api.as(operator).monitor.overview()).toMatchObject({ queue: { paused: true, depth: 0 }, recent: [] });
  await api.as(operator).queue.resume();
  await expect(api.as(operator).user.setRole({ ownerId: admin.ownerId, role: "member" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await api.as(admin).user.setRole({ ownerId: operator.ownerId, role: "member" });
  const { items } = await api.as(admin).user.list();
  expect(items.find(({ ownerId }) => ownerId === operator.ownerId)?.role).toBe("member");
  await expect(api.as(admin).user.setRole({ ownerId: admin.ownerId, role: "member" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});

test("an unexpected error tells a caller nothing of ours", () => {
  const facts = errorFacts(
    new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: new Error("select secret from db.internal") }),
  );
  expect(facts).toMatchObject({ code: "INTERNAL", httpStatus: 500 });
  expect(JSON.stringify(facts)).not.toContain("secret");
});

test("a refusal keeps its code, fields and waiting time", () => {
  const refusal = new DarkroomError("RATE_LIMITED", "Slow down.", {
    retryAfterSeconds: 7,
    fields: [{ path: "a", message: "b" }],
  });
  expect(errorFacts(refusal)).toEqual({
    code: "RATE_LIMITED",
    trpcCode: "TOO_MANY_REQUESTS",
    httpStatus: 429,
    message: "Slow down.",
    fields: [{ path: "a", message: "b" }],
    retryAfterSeconds: 7,
  });
});

test("an input that does not fit names each field, unknown ones too", () => {
  const parsed = z.strictObject({ a: z.object({ b: z.number() }) }).safeParse({ a: { b: "x" }, c: 1 });
  const facts = errorFacts(new TRPCError({ code: "BAD_REQUEST", cause: parsed.error }));
  expect(facts.code).toBe("INPUT_INVALID");
  expect(facts.fields.map(({ path }) => path)).toEqual(["a.b", "c"]);
});
