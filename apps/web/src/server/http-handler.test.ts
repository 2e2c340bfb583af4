import { once } from "node:events";
import { Agent, type ClientRequest, get, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { createAdminLink } from "@darkroom/auth";
import { type ApiKeyScope, newId } from "@darkroom/contracts";
import { listActions, listJobs, seedWorkflows, setRole } from "@darkroom/db";
import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { createGateway, type Gateway, guestOf, keyHolder } from "./testing/gateway.ts";
import { picture } from "./testing/running-job.ts";

let db: TestDatabase;
let gateway: Gateway;
let cookie: string;

beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  gateway = await createGateway({ databaseUrl: db.url, redisUrl: inject("redisUrl") });
  await gateway.start();
  await seedWorkflows(db.database, [picture]);
  ({ cookie } = await guestOf(gateway.url));
}, 90_000);
afterAll(async () => {
  await gateway?.close();
  await db?.drop();
});

const ask = (path: string, init: RequestInit = {}) => fetch(`${gateway.url}${path}`, init);
const json = (body: unknown, headers: Record<string, string>): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const routes = [
  "/",
  "/api/health",
  "/api/ready",
  "/api/trpc/session.me",
  "/api/trpc/nothing.here",
  "/api/auth/get-session",
  "/api/uploads",
  "/api/generate",
  "/api/admin/claim",
  "/api/ws/status",
  "/api/ws/stats",
  "/metrics",
  "/ws",
  `/api/outputs/${newId()}`,
  "/api/shares/nothing",
  `/api/jobs/${newId()}/preview`,
  "/api/nothing",
];

test("whoever becomes the admin by the link is written down, the link's secret is not", async () => {
  const token = (await createAdminLink(db.database))?.split("#")[1] ?? "";
  const visitor = await guestOf(gateway.url);
  const headers = { cookie: visitor.cookie, origin: gateway.url, "x-request-id": "a-claim" };
  expect((await ask("/api/admin/claim", json({ token: "wrong" }, headers))).status).toBe(404);
  expect((await ask("/api/admin/claim", json({ token }, headers))).status).toBe(200);
  const { items } = await listActions(db.database, { limit: 10, ownerId: visitor.ownerId });
  expect(items).toMatchObject([{ action: "admin.claim", input: {}, refused: null, requestId: "a-claim" }]);
});

test("a key does on every route what its scopes say, whatever its owner's role", async () => {
  const keyOf = async (scopes: ApiKeyScope[]) => {
    const holder = await keyHolder(db.database, scopes);
    await setRole(db.database, { ownerId: holder.ownerId, role: "admin" });
    return { authorization: `Bearer ${holder.key}` };
  };
  const [reader, submitter] = [await keyOf(["read"]), await keyOf(["submit"])];
  const reads = [
    "/metrics",
    "/api/ws/stats",
    "/api/ws/status",
    `/api/outputs/${newId()}`,
    `/api/jobs/${newId()}/preview`,
    "/api/shares/nothing",
    "/api/trpc/queue.stats",
  ];
  for (const path of reads) {
    expect([path, (await ask(path, { headers: submitter })).status]).toEqual([path, 403]);
    expect([path, (await ask(path, { headers: reader })).status]).not.toEqual([path, 403]);
  }
  for (const path of ["/api/uploads", "/api/generate", "/api/trpc/job.submit", "/api/admin/claim"])
    expect([path, (await ask(path, json({}, reader))).status]).toEqual([path, 403]);
  expect((await ask("/api/admin/claim", json({ token: "x" }, submitter))).status).toBe(403);
});

test("generate with a key that may not read is refused before there is a job", async () => {
  const { ownerId, key } = await keyHolder(db.database, ["submit"]);
  const headers = { authorization: `Bearer ${key}` };
  expect((await ask("/api/generate", json({ workflow: "picture", inputs: {} }, headers))).status).toBe(403);
  expect(await listJobs(db.database, { ownerIds: [ownerId], limit: 10 })).toMatchObject({ items: [] });
});

test.each(routes)("%s carries the security headers and is kept by no shared cache", async (path) => {
  const { headers } = await ask(path, { headers: { cookie } });
  expect(Object.fromEntries(headers)).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": expect.stringContaining("camera=()"),
    "content-security-policy": expect.stringMatching(/script-src 'self' 'nonce-.+frame-ancestors 'none'/),
    "cache-control": expect.stringMatching(/private|no-store/),
  });
  expect(headers.get("x-powered-by")).toBeNull();
  expect(headers.get("access-control-allow-origin")).toBeNull();
});

test.each(["https://evil.example", "null", "http://localhost", undefined])(
  "a write with a visitor's cookie from the origin %s is refused",
  async (origin) => {
    const from = { cookie, ...(origin === undefined ? {} : { origin }) };
    for (const path of ["/api/trpc/session.rename", "/api/generate", "/api/uploads", "/api/admin/claim"]) {
      expect([path, (await ask(path, json({ displayName: "Eve" }, from))).status]).toEqual([path, 403]);
    }
  },
);

test("a write as text, as a form or with GET changes nothing", async () => {
  const page = { cookie, origin: gateway.url };
  const rename = (init: RequestInit, query = "") => ask(`/api/trpc/session.rename${query}`, init);
  const body = JSON.stringify({ displayName: "Eve" });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    const answer = await rename({ method: "POST", headers: { ...page, "content-type": type }, body });
    expect([type, answer.status]).toEqual([type, expect.toSatisfy((status: number) => status >= 400 && status < 500)]);
  }
  expect((await rename({ headers: page }, `?input=${encodeURIComponent(body)}`)).status).toBe(405);
  const me = (await (await ask("/api/trpc/session.me", { headers: page })).json()) as { result: { data: object } };
  expect(me.result.data).toMatchObject({ displayName: null });
  expect((await rename(json({ displayName: "Ada" }, page))).status).toBe(200);
});

test("cookies are HttpOnly and SameSite", async () => {
  const [set = ""] = (await ask("/api/trpc/session.me")).headers.getSetCookie();
  expect(set).toMatch(/; HttpOnly; SameSite=Lax/);
});

test("a body of more than 1 MiB is refused and not read to its end", async () => {
  const body = JSON.stringify({ workflow: "x".repeat(1024 * 1024) });
  for (const path of ["/api/generate", "/api/admin/claim", "/api/trpc/job.submit"]) {
    const answer = await ask(path, {
      method: "POST",
      headers: { cookie, origin: gateway.url, "content-type": "application/json" },
      body,
    });
    expect([path, answer.status]).toEqual([path, 413]);
  }
});

test("a caller who leaves in the middle of a body is no error of ours", async () => {
  const left = await createGateway({
    databaseUrl: db.url,
    redisUrl: inject("redisUrl"),
    env: { LOG_LEVEL: "error" },
  });
  onTestFinished(() => left.close());
  await left.start();
  const { key } = await keyHolder(db.database);
  const doors = [
    "/api/auth/sign-in/email",
    "/api/trpc/job.submit",
    "/api/generate",
    "/api/uploads",
    "/api/admin/claim",
  ];
  for (const path of doors) {
    const outgoing = request(`${left.url}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": path === "/api/uploads" ? "image/png" : "application/json",
        "content-length": 1000,
        expect: "100-continue",
      },
    });
    outgoing.on("error", () => undefined);
    outgoing.flushHeaders();
    await once(outgoing, "continue");
    await new Promise<void>((written) => void outgoing.write('{"half":', () => written()));
    // It is being read by now, or will never be: the answer to another request came in between.
    await ask("/api/health");
    await guestOf(left.url);
    outgoing.destroy();
  }
  await left.end("SIGTERM");
  expect(await left.log()).toBe("");
});

test.each(["/api/v1/events", "/api/trpc/event.publish", "/api/auth/sign-in/email", "/api/uploads"])(
  "a body that %s refuses before its end leaves the connection to the next request",
  async (path) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const { key } = await keyHolder(db.database, ["submit"]);
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const statusOf = async (outgoing: ClientRequest): Promise<number | undefined> => {
      const [response] = (await once(outgoing, "response")) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    const tooLarge = request(`${gateway.url}${path}`, { agent, method: "POST", headers });
    tooLarge.end(Buffer.alloc(4 * 1024 * 1024));
    expect(await statusOf(tooLarge)).toBeGreaterThanOrEqual(400);
    expect(await statusOf(get(`${gateway.url}/api/health`, { agent }))).toBe(200);
  },
);

test.each(["//", "*", "ftp://localhost/"])("a request target that is none is refused: %s", async (path) => {
  const outgoing = get({ port: gateway.port, path });
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(400);
});

test.each(["/", "/api/trpc/session.me", "/api/auth/get-session", "/api/auth/nothing", "/api/health"])(
  "TRACE %s is refused as a verb that it does not take",
  async (path) => {
    const outgoing = request({ port: gateway.port, path, method: "TRACE" }).end();
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(405);
  },
);

test("a request target with a host, as proxies write it, is read as one without", async () => {
  for (const path of ["/api/health", "/api/trpc/session.me?a=b"]) {
    const outgoing = get({ port: gateway.port, path: `http://pictures.example${path}` });
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    response.resume();
    expect([path, response.statusCode]).toEqual([path, 200]);
  }
});

test("capitals in a media type change nothing on any door", async () => {
  const { key } = await keyHolder(db.database);
  const headers = { authorization: `Bearer ${key}`, "content-type": "Application/JSON; Charset=UTF-8" };
  for (const path of ["/api/trpc/job.submit", "/api/v1/jobs"]) {
    const answer = await ask(path, json({ workflow: "picture", inputs: {}, dryRun: true }, headers));
    expect([path, answer.status]).toEqual([path, 200]);
  }
});

test("a call that cannot be read is refused with the request's id", async () => {
  const headers = { cookie, "x-request-id": "mine" };
  for (const path of [
    "job.onFeed,system.ping?batch=1&input=%7B%7D",
    "system.ping?connectionParams=%5B1%5D",
    "system.ping?connectionParams=%7B",
    "system.ping,system.ping?batch=1&input=%7B",
    `${Array(21).fill("system.ping").join(",")}?batch=1`,
  ]) {
    const answer = await ask(`/api/trpc/${path}`, { headers });
    const told = [(await answer.json()) as object].flat() as { error: { data: object } }[];
    expect([path, answer.status]).toEqual([path, 400]);
    for (const { error } of told) expect(error.data).toMatchObject({ requestId: "mine" });
  }
});

test.each(["/%", "/api/trpc/%E0%A4%A", "/api/outputs/%zz", "/api/auth/%"])(
  "a broken %% in %s is refused",
  async (path) => {
    const outgoing = get({ port: gateway.port, path });
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    expect([response.statusCode, text]).toEqual([400, expect.stringContaining("broken %")]);
  },
);

test.each([
  ["sign-up/email", { name: "Ada\u0000", email: "nul@example.com", password: "correct horse" }, "name"],
  ["sign-up/email", { name: "Ada", email: "nul\u0000@example.com", password: "correct horse" }, "email"],
  ["sign-up/email", { name: "Ada\ud800", email: "half@example.com", password: "correct horse" }, "name"],
  ["sign-in/email", { email: "nul@example.com", password: "correct\u0000horse" }, "password"],
])("%s with %j names the field that cannot be stored", async (path, body, field) => {
  const answer = await ask(`/api/auth/${path}`, json(body, { origin: gateway.url }));
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: { fields: [{ path: field }] } }]);
});

test("an optional field of an account that is null is one that was left out", async () => {
  const account = { name: "Ada", email: "nulls@example.com", password: "correct horse" };
  const send = (path: string, body: object) => ask(`/api/auth/${path}`, json(body, { origin: gateway.url }));
  const nulls = { image: null, callbackURL: null, rememberMe: null };
  expect((await send("sign-up/email", { ...account, ...nulls })).status).toBe(200);
  expect((await send("sign-in/email", { ...account, callbackURL: null, rememberMe: null })).status).toBe(200);
  expect((await send("sign-up/email", { ...account, name: null })).status).toBe(400);
});

test("JSON with a byte order mark is read on every door", async () => {
  const { key } = await keyHolder(db.database);
  const send = (path: string, body: object, headers: Record<string, string>) =>
    ask(path, { ...json({}, headers), body: `\ufeff${JSON.stringify(body)}` });
  const submit = { workflow: "picture", inputs: {} };
  const authorization = { authorization: `Bearer ${key}` };
  expect((await send("/api/trpc/job.submit", submit, authorization)).status).toBe(200);
  expect((await send("/api/generate", { ...submit, dryRun: true }, authorization)).status).toBe(400);
  expect((await send("/api/admin/claim", { token: "none" }, { cookie, origin: gateway.url })).status).toBe(404);
  const account = { name: "Ada", email: "bom@example.com", password: "correct horse" };
  expect((await send("/api/auth/sign-up/email", account, { origin: gateway.url })).status).toBe(200);
});

test.each([
  ["/api/openapi.json", "DELETE", "GET, HEAD"],
  ["/api/generate", "GET", "POST"],
  ["/api/v1/generate", "GET", "POST"],
  ["/api/v1/jobs", "PUT", "POST, GET, HEAD"],
  ["/api/v1/events", "DELETE", "GET, HEAD, POST"],
  ["/api/v1/uploads", "DELETE", "POST, GET, HEAD"],
  [`/api/v1/jobs/${newId()}/events`, "POST", "GET, HEAD"],
  ["/api/auth/token", "GET", "POST"],
  ["/api/auth/sign-in/email", "DELETE", "POST"],
])("%s with %s is refused with the verbs that it takes, which OPTIONS tells too", async (path, method, allow) => {
  const answer = await ask(path, { method });
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
  expect(await answer.json()).toMatchObject({ error: { code: "INPUT_INVALID", requestId: expect.any(String) } });
  const told = await ask(path, { method: "OPTIONS" });
  expect([told.status, told.headers.get("allow"), await told.text()]).toEqual([204, allow, ""]);
});

test.each(["gzip", "br", "nonsense"])(
  "a body of the encoding %s is refused on every door, with what to do",
  async (encoding) => {
    const headers = { cookie, origin: gateway.url, "content-encoding": encoding };
    const doors = ["/api/v1/jobs", "/api/generate", "/api/trpc/job.submit", "/api/auth/token", "/api/uploads"];
    for (const path of doors) {
      const answer = await ask(path, json({}, headers));
      expect([path, answer.status, answer.headers.get("accept-encoding")]).toEqual([path, 415, "identity"]);
      const { error } = (await answer.json()) as { error: { message: string; fields?: object[]; data?: object } };
      expect(error.message).toContain("Content-Encoding");
      expect(error.data ?? error).toMatchObject({ code: "INPUT_INVALID", fields: [{ path: "content-encoding" }] });
    }
  },
);

test("a path of accounts that there is not is refused in the one envelope", async () => {
  const answer = await ask("/api/auth/nothing", { headers: { cookie } });
  expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "NOT_FOUND" } }]);
});

test("what is not JSON is refused in the same words on every door", async () => {
  const { key } = await keyHolder(db.database);
  const headers = { authorization: `Bearer ${key}` };
  const refusal = { message: "The input must be JSON.", fields: [{ path: "", message: "must be JSON" }] };
  const told = await Promise.all(
    ["/api/v1/jobs", "/api/generate", "/api/trpc/job.submit"].map(async (path) => {
      const answer = await ask(path, { ...json({}, headers), body: "{" });
      const { error } = (await answer.json()) as {
        error: { message: string; fields?: object; data?: { fields: object } };
      };
      return { message: error.message, fields: error.fields ?? error.data?.fields };
    }),
  );
  expect(told).toEqual([refusal, refusal, refusal]);
});

test("the head of an event stream is all that is answered, so that its connection is free again", async () => {
  const socket = connect(gateway.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const lines = ["Host: localhost", `Cookie: ${cookie}`, "", ""].join("\r\n");
  socket.write(`HEAD /api/v1/events HTTP/1.1\r\n${lines}GET /api/ws/status HTTP/1.1\r\n${lines}`);
  let answers = "";
  for await (const chunk of socket.setEncoding("utf8")) {
    answers += chunk;
    if (answers.includes("application/json")) break;
  }
  expect(answers.match(/^HTTP\/1.1 200/gm)).toHaveLength(2);
});

test("JSON that is not UTF-8 is refused on every door: of a text in Latin-1 other letters would be stored", async () => {
  const { key } = await keyHolder(db.database);
  const send = async (path: string, body: object, headers: Record<string, string>) => {
    const answer = await ask(path, { ...json({}, headers), body: Buffer.from(JSON.stringify(body), "latin1") });
    return [path, answer.status, await answer.text()];
  };
  const submit = { workflow: "picture", inputs: { prompt: "caf\u00e9" } };
  const authorization = { authorization: `Bearer ${key}` };
  const visitor = { cookie, origin: gateway.url };
  const account = { name: "Ren\u00e9", email: "latin@example.com", password: "correct horse" };
  for (const [path, status, text] of [
    await send("/api/trpc/job.submit", submit, authorization),
    await send("/api/trpc/job.submit?batch=1", { 0: submit }, authorization),
    await send("/api/generate", submit, authorization),
    await send("/api/v1/jobs", submit, authorization),
    await send("/api/auth/sign-up/email", account, { origin: gateway.url }),
    await send("/api/auth/token", account, {}),
    await send("/api/admin/claim", { token: "\u00e9" }, visitor),
  ]) {
    expect([path, status, text]).toEqual([path, 400, expect.stringContaining("must be in UTF-8")]);
  }
});

test("a query that is not UTF-8 is refused on every door: of other letters than were sent nothing would be found", async () => {
  const { key } = await keyHolder(db.database);
  const headers = { authorization: `Bearer ${key}` };
  const job = newId();
  for (const [path, field] of [
    ["/api/v1/jobs?limit=1&search=%FF", "search"],
    ["/api/v1/jobs?search=caf%E9", "search"],
    ["/api/v1/jobs?search=%ED%A0%80", "search"],
    ["/api/v1/jobs?search=100%&cursor=%C0%80", "cursor"],
    ["/api/v1/jobs?se%FFarch=a", "query"],
    ["/api/trpc/job.list?input=%7B%22search%22%3A%22%FF%22%7D", "input"],
    ["/api/trpc/job.list,job.list?batch=1&input=%7B%220%22%3A%7B%22search%22%3A%22%F0%9F%22%7D%7D", "input"],
    [
      `/api/trpc/job.onEvent?input=${encodeURIComponent(JSON.stringify({ jobId: job }))}&lastEventId=%FF`,
      "lastEventId",
    ],
    ["/api/v1/events?lastEventId=%FF", "lastEventId"],
    [`/api/outputs/${job}?download=%FF`, "download"],
    ["/api/outputs.zip?ids=%FF", "ids"],
    ["/api/auth/verify-email?token=%FF", "token"],
    ["/api/v1/usage.csv?from=%FF", "from"],
    ["/api/health?a=%FF", "a"],
  ] as const) {
    const answer = await ask(path, { headers });
    const { error } = (await answer.json()) as { error: { data?: object } };
    expect([path, answer.status]).toEqual([path, 400]);
    expect(error.data ?? error).toMatchObject({ fields: [{ path: field, message: "must be in UTF-8" }] });
  }
  expect((await ask("/api/v1/jobs?search=100%&limit=1", { headers })).status).toBe(200);
  expect((await ask("/api/v1/jobs?search=caf%C3%A9+%F0%9F%98%80", { headers })).status).toBe(200);
});

test.each(["multipart/form-data", 'multipart/form-data; boundary=""', "Multipart/Form-Data; charset=utf-8"])(
  "a form without a boundary is refused with what it lacks: %s",
  async (type) => {
    const headers = { cookie, origin: gateway.url, "content-type": type };
    const answer = await ask("/api/uploads", { method: "POST", headers, body: "x" });
    const fields = [{ path: "content-type" }];
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { fields } }]);
  },
);

test("errors below /api/trpc/ have tRPC's shape, whoever refuses, and a strange origin names the setting", async () => {
  const bad = [
    ask("/api/trpc/session.rename", json({ displayName: "Eve" }, { cookie, origin: "http://192.168.0.7:3000" })),
    ask("/api/trpc/session.me", { headers: { authorization: "Bearer none" } }),
    ask("/api/trpc/nothing.here"),
  ];
  for (const answer of await Promise.all(bad)) {
    const { error } = (await answer.json()) as { error: object };
    expect(error).toMatchObject({
      code: expect.any(Number),
      message: expect.any(String),
      data: { httpStatus: answer.status, code: expect.any(String), requestId: answer.headers.get("x-request-id") },
    });
  }
  const origin = await bad[0];
  expect([origin?.status, origin?.statusText]).toEqual([403, "Forbidden"]);
  const again = await ask("/api/uploads", json({}, { cookie, origin: "http://192.168.0.7:3000" }));
  expect(((await again.json()) as { error: { message: string } }).error.message).toContain("set PUBLIC_URL");
});

test("a request keeps the id that it came with, and gets one if it had none, in answers and errors", async () => {
  const given = await ask("/api/health", { headers: { "x-request-id": "from-a-proxy.1" } });
  expect(given.headers.get("x-request-id")).toBe("from-a-proxy.1");
  for (const strange of ["", "a b", "x".repeat(200)]) {
    const { headers } = await ask("/api/health", { headers: { "x-request-id": strange } });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  }
  // A new socket, one that is refused, and what tRPC answers, alone and in a batch.
  const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  const key = { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
  for (const headers of [
    { cookie, origin: gateway.url },
    { cookie, origin: "http://evil.example" },
  ]) {
    const asked = get(`${gateway.url}/ws`, { headers: { ...upgrade, ...key, ...headers, "x-request-id": "a-socket" } });
    const answered = new Promise<IncomingMessage>((resolve) =>
      asked.once("upgrade", resolve).once("response", resolve),
    );
    expect((await answered).headers["x-request-id"]).toBe("a-socket");
    asked.destroy();
  }
  for (const path of ["/api/trpc/session.me", "/api/trpc/session.me,system.ping?batch=1", "/api/auth/get-session"])
    expect((await ask(path, { headers: { cookie, "x-request-id": "a-call" } })).headers.get("x-request-id")).toBe(
      "a-call",
    );
  const failed = await ask("/api/nothing", { headers: { "x-request-id": "mine" } });
  expect(await failed.json()).toMatchObject({ error: { code: "NOT_FOUND", requestId: "mine" } });
});
