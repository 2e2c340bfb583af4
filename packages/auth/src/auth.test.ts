import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DarkroomError, newId } from "@darkroom/contracts";
import {
  type Database,
  ensureOwner,
  insertApiKey,
  ownerById,
  removeOwner,
  revokeApiKey,
  setEntrance,
  setRole,
} from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { symmetricEncrypt } from "better-auth/crypto";
import { afterEach, expect, inject, test, vi } from "vitest";
import type { Admission } from "./admission.ts";
import { createAuth } from "./auth.ts";
import { generateApiKey } from "./credentials/api-key.ts";
import { totpOf } from "./testing/totp.ts";

const ORIGIN = "http://localhost:3000";
let addresses = 0;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A web process; `beside`: another one on the database of that. */
async function setup({
  admission,
  beside,
  secret = "s".repeat(32),
  earlierSecrets = [],
}: {
  admission?: Admission;
  beside?: Database;
  secret?: string;
  earlierSecrets?: readonly string[];
} = {}) {
  const { database, drop } =
    beside === undefined
      ? await createTestDatabase(inject("postgresUrl"))
      : { database: beside, drop: async () => undefined };
  ends.push(drop);
  // better-auth counts per address and process: every test comes from an address of its own.
  addresses += 1;
  const address = `10.0.0.${addresses}`;
  const auth = createAuth({
    database,
    secret,
    earlierSecrets,
    publicUrls: [ORIGIN],
    secureCookies: false,
    addressOf: () => address,
    ...(admission && { admission }),
  });
  const server = createServer((request, response) => {
    auth.handle(request, response).catch((error: unknown) => {
      response.statusCode = error instanceof DarkroomError ? 403 : 500;
      response.end(error instanceof DarkroomError ? error.code : String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Posts to better-auth as a browser on our origin does; answers the status and the cookies it then has. */
  async function post(
    path: string,
    body: object,
    { cookie = "", origin = ORIGIN }: { cookie?: string; origin?: string | null } = {},
  ) {
    const response = await fetch(`${base}/api/auth${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(origin === null ? {} : { origin }),
        ...(cookie === "" ? {} : { cookie }),
      },
      body: JSON.stringify(body),
    });
    const jar = new Map(
      cookie
        .split("; ")
        .filter(Boolean)
        .map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      text: await response.text(),
      cookie: [...jar].map((pair) => pair.join("=")).join("; "),
    };
  }

  /** A visitor's first request. */
  async function visit() {
    const { principal, setCookie } = await auth.identify({});
    return { ownerId: principal.ownerId, cookie: (setCookie ?? "").split(";")[0] ?? "" };
  }
  const signUp = (cookie: string, email = `${newId()}@example.com`) =>
    post("/sign-up/email", { name: "Ada", email, password: "correct horse" }, { cookie });

  return { database, auth, post, visit, signUp };
}

test("a visitor becomes a guest without a row, and stays the same guest", async () => {
  const { auth, database, visit } = await setup();
  const { ownerId, cookie } = await visit();
  const again = await auth.identify({ cookie });
  expect(again).toMatchObject({ setCookie: null, viaCookie: true, isAuthenticated: true });
  expect(again.principal).toMatchObject({ kind: "guest", ownerId, ownerIds: [ownerId], role: "guest", isNew: true });
  expect(await ownerById(database, ownerId)).toBeNull();
});

test("signing up takes over the guest's owner, and the guest's cookie opens nothing afterwards", async () => {
  const { auth, database, visit, signUp } = await setup();
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
  const { auth, database, post, visit, signUp } = await setup();
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
  const { auth, post, visit, signUp } = await setup();
  const { cookie } = await signUp((await visit()).cookie);
  expect((await post("/sign-out", {}, { cookie })).status).toBe(200);
  expect((await auth.identify({ cookie })).principal.kind).toBe("guest");
});

test.each(["https://evil.example", "http://localhost:3000.evil.example", "null", null])(
  "a cookie from the origin %s cannot write, and cannot sign in",
  async (origin) => {
    const { auth, post, visit } = await setup();
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
  const { auth, database, visit } = await setup();
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

test("a key is stored as its hash only, and refused once it is revoked", async () => {
  const { auth, database } = await setup();
  const ownerId = newId();
  await ensureOwner(database, { ownerId, kind: "account", accountId: newId() });
  const { key, prefix, hash } = generateApiKey();
  const apiKeyId = newId();
  await insertApiKey(database, { apiKeyId, ownerId, name: "test", prefix, hash, scopes: ["read", "submit"] });
  const rows = await database.sql`select * from api_keys`;
  expect(JSON.stringify(rows)).not.toContain(key);
  expect(key).toMatch(/^dk_[A-Za-z0-9_-]{43}$/);

  expect(await revokeApiKey(database, { apiKeyId, ownerIds: [ownerId] })).toBe(true);
  await expect(auth.identify({ authorization: `Bearer ${key}` })).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test.each(["Bearer", "Bearer dk_short", `Bearer ${generateApiKey().key}`, "Basic YTpi"])(
  "the credentials %s are refused, never taken for a guest",
  async (authorization) => {
    const { auth } = await setup();
    await expect(auth.identify({ authorization })).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  },
);

test("the admin link makes one visitor an admin, once, and none is made while there is an admin", async () => {
  const { auth, visit, signUp } = await setup();
  const path = await auth.createAdminLink();
  const token = path?.split("#")[1] ?? "";
  const { cookie } = await signUp((await visit()).cookie);
  const { principal } = await auth.identify({ cookie });

  await expect(auth.claimAdmin(token, { ...principal, kind: "apiKey" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(auth.claimAdmin("wrong", principal)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await auth.claimAdmin(token, principal);
  expect((await auth.identify({ cookie })).principal.role).toBe("admin");
  await expect(auth.claimAdmin(token, principal)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await auth.createAdminLink()).toBeNull();
});

test("a guest who claimed the admin link stays the admin when an account takes the guest over", async () => {
  const { auth, visit, signUp } = await setup();
  const token = (await auth.createAdminLink())?.split("#")[1] ?? "";
  const { cookie } = await visit();
  await auth.claimAdmin(token, (await auth.identify({ cookie })).principal);
  expect((await auth.identify({ cookie })).principal).toMatchObject({ kind: "guest", role: "admin" });
  const account = await signUp(cookie);
  expect((await auth.identify({ cookie: account.cookie })).principal).toMatchObject({ kind: "account", role: "admin" });
});

test("an expired admin link makes nobody an admin", async () => {
  const { auth, database, visit, signUp } = await setup();
  const token = (await auth.createAdminLink())?.split("#")[1] ?? "";
  await database.sql`update admin_links set expires_at = now() - interval '1 second'`;
  const { principal } = await auth.identify({ cookie: (await signUp((await visit()).cookie)).cookie });
  await expect(auth.claimAdmin(token, principal)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("guessing passwords is slowed down with a Retry-After", async () => {
  const { post } = await setup();
  const tries = await Promise.all(
    Array.from({ length: 21 }, () => post("/sign-in/email", { email: "a@example.com", password: "wrong password" })),
  );
  const refused = tries.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(1);
  expect(Number(refused[0]?.retryAfter)).toBeGreaterThan(0);
});

test("callers of every kind who come together are looked up in one query, each as themselves", async () => {
  const { auth, database, visit, signUp } = await setup();
  const account = await signUp((await visit()).cookie);
  const { principal } = await auth.identify({ cookie: account.cookie });
  const { key, prefix, hash } = generateApiKey();
  const { ownerId } = principal;
  await insertApiKey(database, { apiKeyId: newId(), ownerId, name: "CI", prefix, hash, scopes: ["read"] });
  const guests = await Promise.all([visit(), visit()]);
  const bearer = { authorization: `Bearer ${key}` };
  const forged = account.cookie.replace(
    /(session_token=[^.]+)(\w)\./,
    (_, start, last) => `${start}${last === "X" ? "Y" : "X"}.`,
  );

  const statements = vi.spyOn(database, "sql");
  const callers = [...guests, { cookie: forged }, account].map(({ cookie }) => auth.identify({ cookie }));
  const identities = await Promise.all([...callers, auth.identify(bearer)]);

  const asked = statements.mock.calls.filter(([strings]) => String(strings).includes("UNION ALL"));
  expect(asked).toHaveLength(1);
  expect(identities.map((identity) => [identity.principal.kind, identity.principal.ownerId])).toEqual([
    ...guests.map((guest) => ["guest", guest.ownerId]),
    ["guest", expect.not.stringMatching(ownerId)],
    ["account", ownerId],
    ["apiKey", ownerId],
  ]);
});

test("a credential that is looked at again holds as long as what it stands for", async () => {
  const { auth, database, post, visit, signUp } = await setup();
  const { cookie } = await signUp((await visit()).cookie);
  const { principal, credential: session } = await auth.identify({ cookie });
  const { key, prefix, hash } = generateApiKey();
  const apiKey = { apiKeyId: newId(), ownerId: principal.ownerId, name: "CI", prefix, hash, scopes: ["read"] } as const;
  await insertApiKey(database, apiKey);
  const { credential: bearer } = await auth.identify({ authorization: `Bearer ${key}` });
  if (session === null || bearer === null) throw new Error("both are known");

  expect(await auth.recheck([session, bearer])).toMatchObject([{ kind: "account" }, { kind: "apiKey" }]);
  await post("/sign-out", {}, { cookie });
  await revokeApiKey(database, { apiKeyId: apiKey.apiKeyId, ownerIds: [principal.ownerId] });
  expect(await auth.recheck([session, bearer])).toEqual([null, null]);
  expect((await auth.identify({ cookie })).isAuthenticated).toBe(false);
});

test("no cookie, session or key of a removed account opens anything, and nobody can sign in to it", async () => {
  const { auth, database, post, visit, signUp } = await setup();
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
  const { auth, database, visit, signUp } = await setup();
  const guest = await visit();
  await ensureOwner(database, { ownerId: guest.ownerId, kind: "guest" });
  await setRole(database, { ownerId: guest.ownerId, role: "blocked" });
  expect((await auth.identify({ cookie: guest.cookie })).principal.role).toBe("blocked");
  const { cookie } = await signUp(guest.cookie);
  expect((await auth.identify({ cookie })).principal).toMatchObject({ kind: "account", role: "blocked" });
});

test("where guests are switched off a visitor may do nothing, and whoever holds the admin link still everything", async () => {
  const { auth, database, visit } = await setup({
    admission: { guests: false, signUp: true, accounts: true, gallery: true },
  });
  const guest = await visit();
  const { principal, credential } = await auth.identify({ cookie: guest.cookie });
  expect(principal).toMatchObject({ kind: "guest", role: "blocked" });
  expect(await auth.recheck(credential === null ? [] : [credential])).toMatchObject([{ role: "blocked" }]);
  await auth.claimAdmin((await auth.createAdminLink())?.split("#")[1] ?? "", principal);
  expect(await ownerById(database, guest.ownerId)).toMatchObject({ role: "admin" });
  expect((await auth.identify({ cookie: guest.cookie })).principal.role).toBe("admin");
});

test("where sign-up is switched off nobody makes an account, and whoever has one signs in", async () => {
  const open = await setup();
  const email = "early@example.com";
  await open.signUp("", email);
  const closed = await setup({ admission: { guests: true, signUp: false, accounts: true, gallery: true } });
  expect(await closed.signUp("")).toMatchObject({ status: 403, text: "FORBIDDEN" });
  // Not refused by the settings: this database does not know the account.
  expect((await closed.post("/sign-in/email", { email, password: "correct horse" })).status).toBe(401);
});

test("what an operator closes is closed at once in that web process, and within two seconds in every other", async () => {
  const here = await setup();
  const there = await setup({ beside: here.database });
  const guest = await here.visit();
  const operator = await here.signUp("");
  const { principal } = await here.auth.identify({ cookie: operator.cookie });
  const roleIn = async ({ auth }: typeof here) => (await auth.identify({ cookie: guest.cookie })).principal.role;
  expect([await roleIn(here), await roleIn(there)]).toEqual(["guest", "guest"]);

  const set = async (entrance: "guests" | "signUp", isOpen: boolean): Promise<void> => {
    await setEntrance(here.database, { entrance, isOpen, ownerId: principal.ownerId });
    here.auth.admission.changed();
  };
  await set("guests", false);
  expect(await roleIn(here)).toBe("blocked");
  await expect.poll(() => roleIn(there), { timeout: 2000 }).toBe("blocked");
  expect((await there.auth.identify({ cookie: operator.cookie })).principal.role).toBe("member");

  await set("signUp", false);
  expect(await here.signUp("")).toMatchObject({ status: 403 });
  await expect.poll(() => there.auth.admission.now(), { timeout: 2000 }).toMatchObject({ signUp: false });
  expect(await there.signUp("")).toMatchObject({ status: 403 });

  await set("guests", true);
  await set("signUp", true);
  expect(await roleIn(here)).toBe("guest");
  await expect.poll(() => roleIn(there), { timeout: 2000 }).toBe("guest");
  expect((await here.signUp("")).status).toBe(200);
});

test("an operator opens nothing that the settings close, and closing outlasts a process that cannot ask", async () => {
  const { auth, database } = await setup({ admission: { guests: false, signUp: true, accounts: true, gallery: true } });
  await setEntrance(database, { entrance: "guests", isOpen: true, ownerId: newId() });
  await setEntrance(database, { entrance: "signUp", isOpen: false, ownerId: newId() });
  auth.admission.changed();
  expect(await auth.admission.now()).toEqual({ guests: false, signUp: false, accounts: true, gallery: true });
  await database.close();
  auth.admission.changed();
  expect(await auth.admission.now()).toEqual({ guests: false, signUp: false, accounts: true, gallery: true });
});

test("where accounts are switched off a session counts as none, and a key goes on", async () => {
  const admission = { guests: true, signUp: true, accounts: true, gallery: true };
  const { auth, database, post, signUp } = await setup({ admission });
  const { cookie } = await signUp("");
  const { principal, credential } = await auth.identify({ cookie });
  const { key, prefix, hash } = generateApiKey();
  const { ownerId } = principal;
  await insertApiKey(database, { apiKeyId: newId(), ownerId, name: "k", prefix, hash, scopes: ["read"] });
  admission.accounts = false;
  expect((await auth.identify({ cookie })).principal).toMatchObject({ kind: "guest", isNew: true });
  expect(await auth.recheck(credential === null ? [] : [credential])).toEqual([null]);
  expect((await auth.identify({ authorization: `Bearer ${key}` })).principal).toMatchObject({
    kind: "apiKey",
    ownerId,
  });
  for (const path of ["/sign-in/email", "/sign-up/email"]) {
    expect(await post(path, { email: "a@example.com", password: "correct horse", name: "A" })).toMatchObject({
      status: 403,
    });
  }
});

test("a client without cookies gets an access token by its password, another with the refresh token, and loses both with the session", async () => {
  const { auth, post, visit, signUp } = await setup();
  const email = `${newId()}@example.com`;
  const { cookie } = await signUp((await visit()).cookie, email);
  const { ownerId } = (await auth.identify({ cookie })).principal;
  const token = async (body: object) => {
    const answer = await post("/token", body, { origin: null });
    expect(answer.cookie).toBe("");
    return { status: answer.status, ...(JSON.parse(answer.text) as Record<"accessToken" | "refreshToken", string>) };
  };
  const who = async (bearer: string) => {
    const { principal, viaCookie, setCookie } = await auth.identify({ authorization: `Bearer ${bearer}` });
    expect([viaCookie, setCookie]).toEqual([false, null]);
    return principal;
  };
  const first = await token({ email, password: "correct horse" });
  expect(first).toMatchObject({ status: 200, expiresInSeconds: 900 });
  expect(await who(first.accessToken)).toMatchObject({ kind: "account", ownerId });
  const next = await token({ refreshToken: first.refreshToken });
  expect(await who(next.accessToken)).toMatchObject({ ownerId });
  // The one cannot be made into the other.
  await expect(who(first.refreshToken)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect((await post("/token", { refreshToken: next.accessToken })).text).toBe("UNAUTHENTICATED");

  const started = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: started + 899_000 });
  expect(await who(next.accessToken)).toMatchObject({ ownerId });
  vi.setSystemTime(started + 901_000);
  await expect(who(next.accessToken)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  vi.useRealTimers();

  // Signing out by the one token ends its own session and no other; asked again, there is nothing left to end.
  const second = await token({ email, password: "correct horse" });
  for (const _ of ["once", "again"]) {
    const signedOut = await post("/sign-out", { refreshToken: second.refreshToken }, { origin: null });
    expect(signedOut).toMatchObject({ status: 200, text: '{"success":true}', cookie: "" });
  }
  await expect(who(second.accessToken)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect((await post("/token", { refreshToken: second.refreshToken })).text).toBe("UNAUTHENTICATED");
  expect((await post("/sign-out", { refreshToken: 5 }, { origin: null })).text).toBe("INPUT_INVALID");

  const fresh = await token({ refreshToken: first.refreshToken });
  expect(await who(fresh.accessToken)).toMatchObject({ ownerId });
  expect((await post("/revoke-sessions", {}, { cookie })).status).toBe(200);
  await expect(who(fresh.accessToken)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect((await post("/token", { refreshToken: first.refreshToken })).text).toBe("UNAUTHENTICATED");
});

test("what a token is asked with is checked, and a wrong password gets none", async () => {
  const { post } = await setup();
  for (const body of [{}, { email: "a@example.com" }, { refreshToken: 5 }, { refreshToken: "x", password: "y" }])
    expect((await post("/token", body)).text).toBe("INPUT_INVALID");
  const account = { email: "a@example.com", password: "wrong horse" };
  expect((await post("/token", account)).text).toBe("UNAUTHENTICATED");
});

const codeOf = (totpUri: string): string => totpOf(new URL(totpUri).searchParams.get("secret") ?? "");

test("with a second factor the password alone opens nothing and joins nothing, and a code written down works once", async () => {
  const { auth, database, post, visit, signUp } = await setup();
  const email = `${newId()}@example.com`;
  const password = "correct horse";
  const signedUp = await signUp((await visit()).cookie, email);
  const enabled = await post("/two-factor/enable", { password }, { cookie: signedUp.cookie });
  const { totpURI, backupCodes } = JSON.parse(enabled.text) as { totpURI: string; backupCodes: string[] };
  const verify = (code: string, cookie: string) => post("/two-factor/verify-totp", { code }, { cookie });
  // Not on before an authenticator is known to have it.
  expect((await post("/sign-in/email", { email, password })).text).not.toContain("twoFactorRedirect");
  expect((await verify("000000", enabled.cookie)).status).toBe(401);
  expect((await verify(codeOf(totpURI), enabled.cookie)).status).toBe(200);

  const guest = await visit();
  await ensureOwner(database, { ownerId: guest.ownerId, kind: "guest" });
  const halfWay = await post("/sign-in/email", { email, password }, { cookie: guest.cookie });
  expect(JSON.parse(halfWay.text)).toMatchObject({ twoFactorRedirect: true });
  const principalOf = async (cookie: string) => (await auth.identify({ cookie })).principal;
  expect(await principalOf(halfWay.cookie)).toMatchObject({ kind: "guest", ownerId: guest.ownerId });
  expect((await ownerById(database, guest.ownerId))?.linkedTo ?? null).toBe(null);
  const done = await verify(codeOf(totpURI), halfWay.cookie);
  const { ownerIds } = await principalOf(done.cookie);
  expect(ownerIds).toContain(guest.ownerId);

  const withCode = async (code: string) => {
    const { cookie } = await post("/sign-in/email", { email, password });
    return (await post("/two-factor/verify-backup-code", { code }, { cookie })).status;
  };
  expect(await withCode(backupCodes[0] ?? "")).toBe(200);
  expect(await withCode(backupCodes[0] ?? "")).toBe(401);

  expect((await post("/token", { email, password })).text).toBe("UNAUTHENTICATED");
  const token = JSON.parse((await post("/token", { email, password, code: codeOf(totpURI) })).text);
  expect((await auth.identify({ authorization: `Bearer ${token.accessToken}` })).principal.kind).toBe("account");
});

test("another secret signs nobody out, as long as the one before it is known", async () => {
  const { auth, database, post, visit, signUp } = await setup();
  const [email, password] = ["ada@example.com", "correct horse"];
  const guest = await visit();
  const member = await signUp((await visit()).cookie, email);
  const enabled = await post("/two-factor/enable", { password }, { cookie: member.cookie });
  const { totpURI } = JSON.parse(enabled.text) as { totpURI: string };
  const { cookie } = await post("/two-factor/verify-totp", { code: codeOf(totpURI) }, { cookie: enabled.cookie });
  const signIn = { email, password, code: codeOf(totpURI) };
  const { accessToken } = JSON.parse((await post("/token", signIn)).text) as { accessToken: string };
  const { ownerId } = (await auth.identify({ cookie })).principal;
  const [stored] = await database.sql<{ id: string; secret: string }[]>`SELECT id, secret FROM two_factor`;

  const secret = "t".repeat(32);
  const now = await setup({ beside: database, secret, earlierSecrets: ["s".repeat(32)] });
  const onlyNew = await setup({ beside: database, secret });
  for (const [held, id] of [
    [guest.cookie, guest.ownerId],
    [cookie, ownerId],
  ] as const) {
    const known = await now.auth.identify({ cookie: held });
    expect(known).toMatchObject({ principal: { ownerId: id }, viaCookie: true });
    // Signed anew, it holds without the old secret; as it was, it does not.
    const renewed = known.setCookie?.split(";")[0] ?? "";
    expect(await onlyNew.auth.identify({ cookie: renewed })).toMatchObject({
      principal: { ownerId: id },
      setCookie: null,
    });
    expect((await onlyNew.auth.identify({ cookie: held })).principal.ownerId).not.toBe(id);
  }
  const headers = { authorization: `Bearer ${accessToken}` };
  expect((await now.auth.identify(headers)).principal.ownerId).toBe(ownerId);
  await expect(onlyNew.auth.identify(headers)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });

  // A second factor, also one that was encrypted before secrets had numbers.
  const bits = totpSecretOf(totpURI);
  const unnumbered = await symmetricEncrypt({ key: "s".repeat(32), data: bits });
  for (const kept of [stored?.secret ?? "", unnumbered]) {
    await database.sql`UPDATE two_factor SET secret = ${kept}`;
    const again = await now.post("/token", { email, password, code: codeOf(totpURI) });
    expect([kept.slice(0, 4), again.status]).toEqual([kept.slice(0, 4), 200]);
  }
  // better-auth's own routes know the old cookie too.
  expect((await now.post("/sign-out", {}, { cookie })).status).toBe(200);
  expect((await now.auth.identify({ cookie })).principal.kind).toBe("guest");
});

test("second factors are encrypted anew after a change of the secret, and then go on without the one before it", async () => {
  const old = "s".repeat(32);
  const before = await setup();
  const { database } = before;
  const password = "correct horse";
  const people = await Promise.all(
    ["ada@example.com", "grace@example.com"].map(async (email) => {
      const { cookie } = await before.signUp((await before.visit()).cookie, email);
      const enabled = await before.post("/two-factor/enable", { password }, { cookie });
      const { totpURI, backupCodes } = JSON.parse(enabled.text) as { totpURI: string; backupCodes: string[] };
      await before.post("/two-factor/verify-totp", { code: codeOf(totpURI) }, { cookie: enabled.cookie });
      return { email, totpURI, backupCodes };
    }),
  );
  const [ada, grace] = people;
  // Hers is from before secrets had numbers.
  const unnumbered = await symmetricEncrypt({ key: old, data: totpSecretOf(ada?.totpURI ?? "") });
  const [of] = await database.sql`
    UPDATE two_factor SET secret = ${unnumbered} FROM "user" u WHERE u.id = user_id AND u.email = 'ada@example.com' RETURNING user_id`;
  expect(of).toBeDefined();

  const secret = "t".repeat(32);
  const onlyNew = await setup({ beside: database, secret });
  const signIn = async (who: typeof ada, at: typeof onlyNew) =>
    at.post("/token", { email: who?.email, password, code: codeOf(who?.totpURI ?? "") });
  const written = async (code: string | undefined, at: typeof onlyNew): Promise<number> => {
    const { cookie } = await at.post("/sign-in/email", { email: grace?.email, password });
    return (await at.post("/two-factor/verify-backup-code", { code }, { cookie })).status;
  };
  expect(await signIn(grace, onlyNew)).toMatchObject({ status: 403, text: "FORBIDDEN" });
  await expect(onlyNew.auth.renewSecondFactors()).rejects.toThrow(/^2 second factors .* AUTH_SECRET_OLD/);

  const both = { beside: database, secret, earlierSecrets: [old] };
  const [one, other] = [await setup(both), await setup(both)];
  expect(await written(grace?.backupCodes[0], one)).toBe(200);
  await Promise.all([one.auth.renewSecondFactors(), other.auth.renewSecondFactors()]);
  for (const who of people) expect((await signIn(who, onlyNew)).status).toBe(200);
  expect(await written(grace?.backupCodes[0], onlyNew)).toBe(401);
  expect(await written(grace?.backupCodes[1], onlyNew)).toBe(200);
});

/** What an authenticator is given, as better-auth keeps it: the text whose base32 is in the address. */
function totpSecretOf(totpUri: string): string {
  const letters = new URL(totpUri).searchParams.get("secret") ?? "";
  const bits = [...letters].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  return String.fromCharCode(...(bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
