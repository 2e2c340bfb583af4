import { expect, test } from "vitest";
import { setupAuth } from "./testing/setup-auth.ts";

test("the admin link makes one visitor an admin, once, and none is made while there is an admin", async () => {
  const { auth, visit, signUp } = await setupAuth();
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
  const { auth, visit, signUp } = await setupAuth();
  const token = (await auth.createAdminLink())?.split("#")[1] ?? "";
  const { cookie } = await visit();
  await auth.claimAdmin(token, (await auth.identify({ cookie })).principal);
  expect((await auth.identify({ cookie })).principal).toMatchObject({ kind: "guest", role: "admin" });
  const account = await signUp(cookie);
  expect((await auth.identify({ cookie: account.cookie })).principal).toMatchObject({ kind: "account", role: "admin" });
});

test("an expired admin link makes nobody an admin", async () => {
  const { auth, database, visit, signUp } = await setupAuth();
  const token = (await auth.createAdminLink())?.split("#")[1] ?? "";
  await database.sql`update admin_links set expires_at = now() - interval '1 second'`;
  const { principal } = await auth.identify({ cookie: (await signUp((await visit()).cookie)).cookie });
  await expect(auth.claimAdmin(token, principal)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
