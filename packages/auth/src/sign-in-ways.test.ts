import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { DarkroomError } from "@darkroom/contracts";
import { createTestDatabase } from "@darkroom/db/testing";
import Provider from "oidc-provider";
import { SMTPServer } from "smtp-server";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { type AuthOptions, createAuth } from "./auth.ts";

// Against real servers of others: smtp-server takes the mail, oidc-provider signs people in.

async function listen(handle: RequestListener): Promise<{ url: string; close: () => Promise<unknown> }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  onTestFinished(() => void close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** A browser that keeps cookies and follows no redirect by itself. */
function createBrowser() {
  const jars = new Map<string, Map<string, string>>();
  return async (url: string, form?: URLSearchParams | object) => {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie: [...jar].map((pair) => pair.join("=")).join("; ") },
      ...(form !== undefined && {
        method: "POST",
        body: form instanceof URLSearchParams ? form : JSON.stringify(form),
        headers: {
          cookie: [...jar].map((pair) => pair.join("=")).join("; "),
          origin,
          ...(!(form instanceof URLSearchParams) && { "content-type": "application/json" }),
        },
      }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get("location");
    return {
      status: response.status,
      location: location && new URL(location, url).href,
      text: await response.text(),
      cookie: () => [...jar].map((pair) => pair.join("=")).join("; "),
    };
  };
}

let addresses = 0;

/** A web process at an address of its own, with what `ways` says. */
async function setup(ways: (url: string) => Promise<Pick<AuthOptions, "mail" | "provider">>) {
  const { database, drop } = await createTestDatabase(inject("postgresUrl"));
  onTestFinished(drop);
  let handle: RequestListener = () => undefined;
  const { url } = await listen((request, response) => handle(request, response));
  // better-auth counts per address and process: every test comes from an address of its own.
  addresses += 1;
  const address = `10.1.0.${addresses}`;
  const options = { database, secret: "s".repeat(32), publicUrls: [url], secureCookies: false };
  const auth = createAuth({ ...options, addressOf: () => address, ...(await ways(url)) });
  handle = (request, response) =>
    void auth.handle(request, response).catch((error: unknown) => {
      response.statusCode = error instanceof DarkroomError ? 403 : 500;
      response.end(String(error));
    });
  const whoIs = async (cookie: string) => (await auth.identify({ cookie })).principal;
  return { url, auth, database, whoIs };
}

interface Received {
  readonly to: string;
  readonly text: string;
}

/** A mail server that takes everything; `next` is the next mail that it took. */
async function setupMailServer() {
  const received: Received[] = [];
  let wake = () => undefined as unknown;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on("end", () => {
        const [to] = session.envelope.rcptTo;
        received.push({ to: to?.address ?? "", text: text.replaceAll(/=\r?\n/g, "").replaceAll("=3D", "=") });
        wake();
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const next = async (): Promise<Received> => {
    while (received.length === 0)
      await new Promise<void>((resolve) => {
        wake = () => resolve();
      });
    return received.shift() as Received;
  };
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, next };
}

const ada = { email: "ada@example.com", password: "correct horse", name: "Ada" };

test("a new account is asked whether the address is its own, and a forgotten password is replaced by a link that works once", async () => {
  const mailServer = await setupMailServer();
  const mail = { url: mailServer.url, from: "Darkroom <no-reply@localhost>", onFailure: (error: unknown) => error };
  const { url, auth, database, whoIs } = await setup(async () => ({ mail }));
  expect(auth.signInWays).toEqual({ mail: true, provider: null });
  const browser = createBrowser();
  const signedUp = await browser(`${url}/api/auth/sign-up/email`, ada);
  expect(signedUp.status).toBe(200);

  const asked = await mailServer.next();
  expect(asked.to).toBe(ada.email);
  const isVerified = async () => (await database.sql`SELECT email_verified FROM "user"`)[0]?.email_verified;
  expect(await isVerified()).toBe(false);
  expect((await browser(/http:\S+verify-email\S+/.exec(asked.text)?.[0] ?? "")).status).toBe(302);
  expect(await isVerified()).toBe(true);

  const other = createBrowser();
  const ask = (email: string) => other(`${url}/api/auth/request-password-reset`, { email });
  const unknown = await ask("nobody@example.com");
  const known = await ask(ada.email);
  expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
  const { to, text } = await mailServer.next();
  expect(to).toBe(ada.email);
  const link = new URL(/http:\S+/.exec(text)?.[0] ?? "");
  expect(link.href).toMatch(`${url}/sign-in/reset?token=`);
  const reset = (newPassword: string) =>
    other(`${url}/api/auth/reset-password`, { token: link.searchParams.get("token"), newPassword });
  expect((await reset("battery staple")).status).toBe(200);
  const again = await reset("another staple");
  expect([again.status, JSON.parse(again.text).code]).toEqual([400, "INVALID_TOKEN"]);
  // Whoever was signed in with the old one is out.
  expect(await whoIs(signedUp.cookie())).toMatchObject({ kind: "guest" });
  const signIn = (password: string) => other(`${url}/api/auth/sign-in/email`, { email: ada.email, password });
  expect((await signIn(ada.password)).status).toBe(401);
  expect((await signIn("battery staple")).status).toBe(200);
});

test("a mail that cannot be sent is said once, and whoever asked for it learns nothing by it", async () => {
  const failures: unknown[] = [];
  const failed = Promise.withResolvers<void>();
  const onFailure = (error: unknown) => {
    failures.push(error);
    failed.resolve();
  };
  const { url } = await setup(async () => ({ mail: { url: "smtp://127.0.0.1:1", from: "d@localhost", onFailure } }));
  expect((await createBrowser()(`${url}/api/auth/sign-up/email`, ada)).status).toBe(200);
  await failed.promise;
  const answer = await createBrowser()(`${url}/api/auth/request-password-reset`, { email: ada.email });
  expect(answer.status).toBe(200);
  expect(failures).toHaveLength(1);
});

/** A provider whose one client is the Darkroom at `url`, and at which anybody is who they say they are. */
async function setupProvider(url: string, isUp: () => boolean = () => true) {
  let handle: RequestListener = () => undefined;
  const { url: issuer } = await listen((request, response) => {
    if (isUp()) return handle(request, response);
    response.statusCode = 503;
    response.end();
  });
  // It says of each of its defaults that one should think about it.
  vi.spyOn(console, "info").mockReturnValue();
  vi.spyOn(console, "warn").mockReturnValue();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "darkroom",
        client_secret: "between the two of us",
        redirect_uris: [`${url}/api/auth/callback/oidc`],
      },
    ],
    cookies: { keys: ["k"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: id.toUpperCase() }),
    }),
  });
  handle = provider.callback();
  return { issuer, clientId: "darkroom", clientSecret: "between the two of us", name: "Example login" };
}

/** Signs in at the provider as `login` and allows what is asked, as its own pages do; resolves where it leads back to. */
async function signInThere(browser: ReturnType<typeof createBrowser>, from: string, login: string): Promise<string> {
  let at = from;
  for (let steps = 0; steps < 12; steps += 1) {
    const page = await browser(at);
    if (page.location?.includes("/api/auth/callback/")) return page.location;
    if (page.location) at = page.location;
    else {
      const action = new URL(/action="([^"]+)"/.exec(page.text)?.[1] ?? "", at).href;
      const isLogin = page.text.includes('name="login"');
      const form = new URLSearchParams(isLogin ? { prompt: "login", login, password: "x" } : { prompt: "consent" });
      at = (await browser(action, form)).location ?? "";
    }
  }
  throw new Error(`the provider leads nowhere: ${at}`);
}

test("people sign in at a provider, and are the same person the next time", async () => {
  const { url, auth, whoIs } = await setup(async (own) => ({ provider: await setupProvider(own) }));
  expect(auth.signInWays).toEqual({ mail: false, provider: "Example login" });
  const signIn = async (login: string) => {
    const browser = createBrowser();
    const begun = await browser(`${url}/api/auth/sign-in/social`, { provider: "oidc", callbackURL: "/" });
    const back = await signInThere(browser, JSON.parse(begun.text).url, login);
    const done = await browser(back);
    return { done, principal: await whoIs(done.cookie()) };
  };
  const first = await signIn("grace");
  expect(first.done).toMatchObject({ status: 302, location: `${url}/` });
  expect(first.principal).toMatchObject({ kind: "account", displayName: "GRACE", role: "member" });
  expect((await signIn("grace")).principal.ownerId).toBe(first.principal.ownerId);

  // An address that nobody has shown to be theirs does not give away the account that somebody made with it.
  await createBrowser()(`${url}/api/auth/sign-up/email`, { ...ada, email: "linus@example.com" });
  const refused = await signIn("linus");
  expect(refused.done.location).toMatch("error=account_not_linked");
  expect(refused.principal.kind).toBe("guest");
});

test("a provider that does not answer keeps nobody from signing in with a password, and is asked again later", async () => {
  let isUp = false;
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { url } = await setup(async (own) => ({ provider: await setupProvider(own, () => isUp) }));
  const browser = createBrowser();
  const begin = () => browser(`${url}/api/auth/sign-in/social`, { provider: "oidc", callbackURL: "/" });
  expect((await browser(`${url}/api/auth/sign-up/email`, ada)).status).toBe(200);
  const away = await begin();
  expect([away.status, JSON.parse(away.text).code]).toEqual([404, "PROVIDER_NOT_FOUND"]);
  isUp = true;
  vi.advanceTimersByTime(11_000);
  expect((await begin()).status).toBe(200);
});
