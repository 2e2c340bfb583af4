import { newId } from "@darkroom/contracts";
import { insertApiKey, ownerById, setEntrance } from "@darkroom/db";
import { expect, test } from "vitest";
import { generateApiKey } from "./credentials/api-key.ts";
import { setupAuth } from "./testing/setup-auth.ts";

test("where guests are switched off a visitor may do nothing, and whoever holds the admin link still everything", async () => {
  const { auth, database, visit } = await setupAuth({
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
  const open = await setupAuth();
  const email = "early@example.com";
  await open.signUp("", email);
  const closed = await setupAuth({ admission: { guests: true, signUp: false, accounts: true, gallery: true } });
  expect(await closed.signUp("")).toMatchObject({ status: 403, text: "FORBIDDEN" });
  // Not refused by the settings: this database does not know the account.
  expect((await closed.post("/sign-in/email", { email, password: "correct horse" })).status).toBe(401);
});

test("what an operator closes is closed at once in that web process, and within two seconds in every other", async () => {
  const here = await setupAuth();
  const there = await setupAuth({ beside: here.database });
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
  const { auth, database } = await setupAuth({
    admission: { guests: false, signUp: true, accounts: true, gallery: true },
  });
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
  const { auth, database, post, signUp } = await setupAuth({ admission });
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
