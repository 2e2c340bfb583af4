import { newId } from "@darkroom/contracts";
import { ensureOwner, insertApiKey, ownerById, removeOwner, setRole } from "@darkroom/db";
import { expect, test } from "vitest";
import { generateApiKey } from "./credentials/api-key.ts";
import { ORIGIN, setupAuth } from "./testing/setup-auth.ts";

test("a visitor becomes a guest without a row, and stays the same guest", async () => {
  const { auth, database, visit } = await setupAuth();
  const { ownerId, cookie } = await visit();
  const again = await auth.identify({ cookie });
  expect(again).toMatchObject({ setCookie: null, viaCookie: true, isAuthenticated: true });
  expect(again.principal).toMatchObject({ kind: "guest", ownerId, ownerIds: [ownerId], role: "guest", isNew: true });
  expect(await ownerById(database, ownerId)).toBeNull();
});

test("signing up takes over the guest's owner, and the guest's cookie opens nothing afterwards", async () => {
  const { auth, database, visit, signUp } = await setupAuth();
  const guest = await visit();
  await ensureOwner(database, { ownerId: guest.ownerId, kind: "guest" });

  const { status, cookie } = await signUp(guest.cookie);

  expect(status).toBe(200);
  expect(cookie).not.toContain("darkroom_guest");
  const { principal } = await auth.identify({ cookie });
  expect(principal).toMatchObject({ kind: "account", ownerId: guest.ownerId, role: "member", displayName: "Ada" });
  const stale = await auth.identify({ cookie: guest.cookie });
  expect(stale.principal.ownerId).not.toBe(guest.ownerId);
  expect(stale.setCookie).not.toBeNull();
});

test("signing in to an existing account links the guest: both are read, the account's is written", async () => {
  const { auth, database, post, visit, signUp } = await setupAuth();
  const email = "ada@example.com";
  const first = await visit();
  await signUp(first.cookie, email);
  const second = await visit();
  await ensureOwner(database, { ownerId: second.ownerId, kind: "guest" });

  const { status, cookie } = await post(
    "/sign-in/email",
    { email, password: "correct horse" },
    { cookie: second.cookie },
  );

  expect(status).toBe(200);
  const { principal } = await auth.identify({ cookie });
  expect(principal.ownerId).toBe(first.ownerId);
  expect([...principal.ownerIds].sort()).toEqual([first.ownerId, second.ownerId].sort());
  expect((await auth.identify({ cookie: second.cookie })).principal.ownerId).not.toBe(second.ownerId);
});

test("signing out ends the session", async () => {
  const { auth, post, visit, signUp } = await setupAuth();
  const { cookie } = await signUp((await visit()).cookie);
  expect((await post("/sign-out", {}, { cookie })).status).toBe(200);
  expect((await auth.identify({ cookie })).principal.kind).toBe("guest");
});

test.each(["https://evil.example", "http://localhost:3000.evil.example", "null", null])(
  "a cookie from the origin %s cannot write, and cannot sign in",
  async (origin) => {
    const { auth, post, visit } = await setupAuth();
    const { cookie } = await visit();
    const headers = origin === null ? { cookie } : { cookie, origin };
    await expect(auth.principalOf(headers, { requireOrigin: true })).rejects.toMatchObject({ code: "ORIGIN_REJECTED" });
    const answer = await post(
      "/sign-up/email",
      { name: "x", email: "x@example.com", password: "12345678" },
      { cookie, origin },
    );
    expect(answer).toMatchObject({ status: 403, text: "ORIGIN_REJECTED" });
  },
);

test("a cookie from our origin can write, and a key needs no origin", async () => {
  const { auth, database, visit } = await setupAuth();
  const { ownerId, cookie } = await visit();
  await expect(auth.principalOf({ cookie, origin: ORIGIN }, { requireOrigin: true })).resolves.toMatchObject({
    principal: { ownerId },
  });
  const owner = newId();
  await ensureOwner(database, { ownerId: owner, kind: "account", accountId: newId(), role: "member" });
  const { key, prefix, hash } = generateApiKey();
  await insertApiKey(database, { apiKeyId: newId(), ownerId: owner, name: "test", prefix, hash, scopes: ["read"] });
  const { principal } = await auth.principalOf({ authorization: `Bearer ${key}` }, { requireOrigin: true });
  expect(principal).toMatchObject({ kind: "apiKey", ownerId: owner, role: "member", scopes: ["read"] });
});

test("no cookie, session or key of a removed account opens anything, and nobody can sign in to it", async () => {
  const { auth, database, post, visit, signUp } = await setupAuth();
  const email = "gone@example.com";
  const first = await visit();
  const { cookie } = await signUp(first.cookie, email);
  const guest = await visit();
  await ensureOwner(database, { ownerId: guest.ownerId, kind: "guest" });
  const { key, prefix, hash } = generateApiKey();
  await insertApiKey(database, {
    apiKeyId: newId(),
    ownerId: first.ownerId,
    name: "k",
    prefix,
    hash,
    scopes: ["read"],
  });
  const { credential } = await auth.identify({ cookie });

  expect(await removeOwner(database, { ownerId: first.ownerId })).toBe(true);
  expect(await removeOwner(database, { ownerId: guest.ownerId })).toBe(true);

  expect(await auth.recheck(credential === null ? [] : [credential])).toEqual([null]);
  for (const [old, ownerId] of [
    [cookie, first.ownerId],
    [first.cookie, first.ownerId],
    [guest.cookie, guest.ownerId],
  ] as const) {
    const { principal, setCookie } = await auth.identify({ cookie: old });
    expect([principal.isNew, principal.ownerId === ownerId, setCookie === null]).toEqual([true, false, false]);
  }
  await expect(auth.identify({ authorization: `Bearer ${key}` })).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect((await post("/sign-in/email", { email, password: "correct horse" })).status).toBe(401);
  const left = await database.sql`SELECT 1 FROM "user" UNION ALL SELECT 1 FROM session UNION ALL SELECT 1 FROM account`;
  expect(left).toEqual([]);
});

test("a blocked account stays blocked however it comes in", async () => {
  const { auth, database, visit, signUp } = await setupAuth();
  const guest = await visit();
  await ensureOwner(database, { ownerId: guest.ownerId, kind: "guest" });
  await setRole(database, { ownerId: guest.ownerId, role: "blocked" });
  expect((await auth.identify({ cookie: guest.cookie })).principal.role).toBe("blocked");
  const { cookie } = await signUp(guest.cookie);
  expect((await auth.identify({ cookie })).principal).toMatchObject({ kind: "account", role: "blocked" });
});
