import { newId } from "@darkroom/contracts";
import { ensureOwner, ownerById } from "@darkroom/db";
import { symmetricEncrypt } from "better-auth/crypto";
import { expect, test } from "vitest";
import { setupAuth } from "../testing/setup-auth.ts";
import { totpOf } from "../testing/totp.ts";

const codeOf = (totpUri: string): string => totpOf(new URL(totpUri).searchParams.get("secret") ?? "");

test("with a second factor the password alone opens nothing and joins nothing, and a code written down works once", async () => {
  const { auth, database, post, visit, signUp } = await setupAuth();
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
  const { auth, database, post, visit, signUp } = await setupAuth();
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
  const now = await setupAuth({ beside: database, secret, earlierSecrets: ["s".repeat(32)] });
  const onlyNew = await setupAuth({ beside: database, secret });
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
  const before = await setupAuth();
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
  const onlyNew = await setupAuth({ beside: database, secret });
  const signIn = async (who: typeof ada, at: typeof onlyNew) =>
    at.post("/token", { email: who?.email, password, code: codeOf(who?.totpURI ?? "") });
  const written = async (code: string | undefined, at: typeof onlyNew): Promise<number> => {
    const { cookie } = await at.post("/sign-in/email", { email: grace?.email, password });
    return (await at.post("/two-factor/verify-backup-code", { code }, { cookie })).status;
  };
  expect(await signIn(grace, onlyNew)).toMatchObject({ status: 403, text: "FORBIDDEN" });
  await expect(onlyNew.auth.renewSecondFactors()).rejects.toThrow(/^2 second factors .* AUTH_SECRET_OLD/);

  const both = { beside: database, secret, earlierSecrets: [old] };
  const [one, other] = [await setupAuth(both), await setupAuth(both)];
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
