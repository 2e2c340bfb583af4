import { DarkroomError, type Principal } from "@darkroom/contracts";
import { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "./app-router.ts";
import { errorFacts } from "./errors.ts";
import { setup } from "./testing/setup.ts";
import { authorize, type ProcedureMeta } from "./trpc.ts";

const procedures = Object.entries(appRouter._def.procedures).map(
  ([path, procedure]) =>
    [path, (procedure as unknown as { _def: { meta?: ProcedureMeta; type: string } })._def] as const,
);

test("every procedure declares who may call it and which scope an API key needs", () => {
  expect(procedures.length).toBeGreaterThan(25);
  for (const [path, { meta }] of procedures) {
    expect(["public", "guest", "member", "operator", "admin"], path).toContain(meta?.auth);
    expect(["read", "submit", "session"], path).toContain(meta?.scope);
  }
});

test("what changes something never takes a key that may only read", () => {
  for (const [path, { meta, type }] of procedures) {
    if (type === "mutation") expect(meta?.scope, path).not.toBe("read");
  }
});

test("nobody gets past what a procedure declares", () => {
  const roles = ["guest", "member", "operator", "admin"] as const;
  const principal = (role: Principal["role"], kind: Principal["kind"], scopes: Principal["scopes"]): Principal => {
    return { kind, ownerId: "o", ownerIds: ["o"], role, displayName: null, scopes, isNew: false };
  };
  const may = (meta: ProcedureMeta | undefined, who: Principal): boolean => {
    try {
      authorize(meta, { principal: who });
      return true;
    } catch {
      return false;
    }
  };
  for (const [path, { meta }] of procedures) {
    const needed = meta?.auth === "public" ? 0 : roles.indexOf(meta?.auth as (typeof roles)[number]);
    for (const [index, role] of roles.entries()) {
      expect(may(meta, principal(role, "account", ["read", "submit"])), `${path} as ${role}`).toBe(index >= needed);
    }
    expect(may(meta, principal("admin", "apiKey", ["read"])), `${path} with read`).toBe(meta?.scope === "read");
    expect(may(meta, principal("admin", "apiKey", [])), `${path} without scope`).toBe(false);
  }
  expect(may(undefined, principal("admin", "account", ["read", "submit"]))).toBe(false);
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
