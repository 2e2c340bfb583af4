import { newId } from "@darkroom/contracts";
import { expect, test, vi } from "vitest";
import { setupAuth } from "../testing/setup-auth.ts";

test("a client without cookies gets an access token by its password, another with the refresh token, and loses both with the session", async () => {
  const { auth, post, visit, signUp } = await setupAuth();
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
  const before = Date.now();
  const next = await token({ refreshToken: first.refreshToken });
  expect(await who(next.accessToken)).toMatchObject({ ownerId });
  // The one cannot be made into the other.
  await expect(who(first.refreshToken)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect((await post("/token", { refreshToken: next.accessToken })).text).toBe("UNAUTHENTICATED");

  // However long it took to make it: it was made between these two times.
  const after = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: before + 899_000 });
  expect(await who(next.accessToken)).toMatchObject({ ownerId });
  vi.setSystemTime(after + 901_000);
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
  const { post } = await setupAuth();
  for (const body of [{}, { email: "a@example.com" }, { refreshToken: 5 }, { refreshToken: "x", password: "y" }])
    expect((await post("/token", body)).text).toBe("INPUT_INVALID");
  const account = { email: "a@example.com", password: "wrong horse" };
  expect((await post("/token", account)).text).toBe("UNAUTHENTICATED");
});
