import { newId } from "@darkroom/contracts";
import { ensureOwner, insertApiKey, revokeApiKey } from "@darkroom/db";
import { expect, test, vi } from "vitest";
import { generateApiKey } from "./credentials/api-key.ts";
import { setupAuth } from "./testing/setup-auth.ts";

test("a key is stored as its hash only, and refused once it is revoked", async () => {
  const { auth, database } = await setupAuth();
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
    const { auth } = await setupAuth();
    await expect(auth.identify({ authorization })).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  },
);

test("callers of every kind who come together are looked up in one query, each as themselves", async () => {
  const { auth, database, visit, signUp } = await setupAuth();
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

  const asked = (what: string) => statements.mock.calls.filter(([strings]) => String(strings).includes(what)).length;
  expect(["k.hash = asked.value", "s.token = asked.value", "o.id = asked.value"].map(asked)).toEqual([1, 1, 1]);
  expect(identities.map((identity) => [identity.principal.kind, identity.principal.ownerId])).toEqual([
    ...guests.map((guest) => ["guest", guest.ownerId]),
    ["guest", expect.not.stringMatching(ownerId)],
    ["account", ownerId],
    ["apiKey", ownerId],
  ]);
});

test("a credential that is looked at again holds as long as what it stands for", async () => {
  const { auth, database, post, visit, signUp } = await setupAuth();
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
