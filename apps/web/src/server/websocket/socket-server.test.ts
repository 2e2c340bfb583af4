import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { newId } from "@darkroom/contracts";
import { listJobs, seedWorkflows, setRole } from "@darkroom/db";
import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { createGateway, type Gateway, guestOf, keyHolder, openSocket, type RawSocket } from "../testing/gateway.ts";
import { picture } from "../testing/running-job.ts";

let db: TestDatabase;
let gateway: Gateway;
let bystander: RawSocket;
const opened: RawSocket[] = [];

beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  gateway = await createGateway({
    databaseUrl: db.url,
    redisUrl: inject("redisUrl"),
    env: { SOCKETS_PER_OWNER: "5", SOCKETS_PER_ADDRESS: "8" },
  });
  await gateway.start();
  bystander = await openSocket(gateway.url, await bearer());
}, 90_000);
// Whatever a test did to its own socket, the process and the others' sockets live on.
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.close();
  const id = randomBytes(4).toString("hex");
  bystander.send(call(id, "query", "system.ping"));
  await bystander.until<Answer>((answer) => answer.id === id);
  expect(gateway.isAlive()).toBe(true);
});
afterAll(async () => {
  bystander?.close();
  await gateway?.close();
  await db?.drop();
});

interface Answer {
  readonly id: string | number | null;
  readonly result?: { readonly type: string };
  readonly error?: { readonly data: { readonly code: string } };
}
const call = (id: number | string, method: string, path: string, input?: unknown) => ({
  id,
  method,
  params: { path, input },
});
const bearer = async () => ({ authorization: `Bearer ${(await keyHolder(db.database)).key}` });
async function open(headers?: Record<string, string>, path?: string): Promise<RawSocket> {
  const socket = await openSocket(gateway.url, headers ?? (await bearer()), path);
  opened.push(socket);
  return socket;
}

test("any tRPC client may ask, change and subscribe over the socket", async () => {
  const socket = await open();
  socket.send([call(1, "query", "system.ping"), call(2, "subscription", "job.onFeed")]);
  expect(await socket.until<Answer>(({ id }) => id === 1)).toMatchObject({ result: { type: "data" } });
  expect(await socket.until<Answer>(({ id }) => id === 2)).toMatchObject({ result: { type: "started" } });
});

/** What each call comes to over one socket: its error's code, or how its result begins. */
async function outcomes(scope: "read" | "submit", calls: readonly (readonly [string, string, object?])[]) {
  const socket = await open({ authorization: `Bearer ${(await keyHolder(db.database, [scope])).key}` });
  socket.send(calls.map(([method, path, input], id) => call(id, method, path, input)));
  const answers = await Promise.all(calls.map((_, id) => socket.until<Answer>((answer) => answer.id === id)));
  return Object.fromEntries(
    calls.map(([, path], id) => [path, answers[id]?.error?.data.code ?? answers[id]?.result?.type]),
  );
}

test("a key of one scope does over the socket what that scope says, and nothing else", async () => {
  await seedWorkflows(db.database, [picture]);
  const [jobId, uploadId, outputId] = [newId(), newId(), newId()];
  const submit = ["mutation", "job.submit", { workflow: picture.slug, inputs: { prompt: "a red cube" } }] as const;
  const reads = [
    ["query", "system.ping"],
    ["query", "job.byId", { jobId }],
    ["query", "job.list"],
    ["query", "output.list"],
    ["query", "upload.list"],
    ["subscription", "job.onFeed"],
  ] as const;
  const writes = [
    ["mutation", "job.cancel", { jobId }],
    ["mutation", "job.remove", { jobId }],
    ["mutation", "output.remove", { outputId }],
    ["mutation", "upload.remove", { uploadId }],
  ] as const;
  const people = [
    ["mutation", "session.rename", { displayName: "Eve" }],
    ["mutation", "apiKey.create", { name: "more", scopes: ["read", "submit"] }],
    ["mutation", "account.remove"],
  ] as const;
  const each = (calls: readonly (readonly [string, string, object?])[], outcome: string) =>
    Object.fromEntries(calls.map(([, path]) => [path, outcome]));

  expect(await outcomes("submit", [submit, ...reads, ...writes, ...people])).toEqual({
    ...each([submit], "data"),
    ...each(reads, "FORBIDDEN"),
    ...each(writes, "NOT_FOUND"),
    ...each(people, "FORBIDDEN"),
  });
  expect(await outcomes("read", [submit, ...reads, ...writes, ...people])).toEqual({
    ...each([submit, ...writes, ...people], "FORBIDDEN"),
    ...each(reads, "data"),
    "job.byId": "NOT_FOUND",
    "job.onFeed": "started",
  });
  const { items } = await listJobs(db.database, { ownerIds: null, limit: 10 });
  expect(items).toHaveLength(1);
});

test("a message of more than 64 KiB closes the socket with 1009", async () => {
  const socket = await open();
  socket.send(`"${"x".repeat(64 * 1024)}"`);
  expect(await socket.closed).toBe(1009);
});

test("20 calls in one message are answered; 21 close the socket with 4429", async () => {
  const calls = Array.from({ length: 21 }, (_, index) => call(index, "query", "system.ping"));
  const socket = await open();
  socket.send(calls.slice(0, 20));
  await socket.until<Answer>(({ id }) => id === 19);
  socket.send(calls);
  expect(await socket.closed).toBe(4429);
});

test("128 subscriptions in one message are begun: a client that comes back sends them all at once", async () => {
  const socket = await open();
  socket.send(Array.from({ length: 128 }, (_, index) => call(index, "subscription", "job.onFeed")));
  await socket.until<Answer>(({ id, result }) => id === 127 && result?.type === "started");
});

test("a subscription that is stopped in the moment it is asked for ends, and makes room", async () => {
  const socket = await open();
  const stopped = (id: number) =>
    socket.until<Answer>((answer) => answer.id === id && answer.result?.type === "stopped");
  // All but one of those that a socket may hold.
  socket.send(Array.from({ length: 127 }, (_, index) => call(index, "subscription", "job.onFeed")));
  for (let id = 127; id < 180; id += 1) {
    socket.send([call(id, "subscription", "job.onFeed"), { id, method: "subscription.stop" }]);
    await stopped(id);
  }
  socket.send(call("last", "query", "system.ping"));
  await socket.until<Answer>(({ id }) => id === "last");
});

test("a socket holds 128 subscriptions, one that ends makes room, and a 129th closes it with 4429", async () => {
  const socket = await open();
  const subscribe = (id: number) => call(id, "subscription", "job.onFeed");
  for (let from = 0; from < 128; from += 8)
    socket.send(Array.from({ length: 8 }, (_, index) => subscribe(from + index)));
  await socket.until<Answer>(({ id, result }) => id === 127 && result?.type === "started");
  socket.send({ id: 0, method: "subscription.stop" });
  await socket.until<Answer>(({ id, result }) => id === 0 && result?.type === "stopped");
  socket.send(subscribe(128));
  await socket.until<Answer>(({ id, result }) => id === 128 && result?.type === "started");
  socket.send(subscribe(129));
  expect(await socket.closed).toBe(4429);
});

test("two subscriptions with one id close the socket: one of them could not be counted", async () => {
  const socket = await open();
  socket.send([call(1, "subscription", "job.onFeed"), call(1, "subscription", "job.onFeed")]);
  expect(await socket.closed).toBe(4429);
});

test.each<[string, (socket: RawSocket) => void]>([
  ["messages", (socket) => socket.send(call(1, "query", "system.ping"))],
  ["what is no JSON", (socket) => socket.send("{")],
  ["messages without a call", (socket) => socket.send([])],
  ["PING texts", (socket) => socket.send("PING")],
])("a burst of 256 %s is fine, a flood closes the socket with 4429", async (_, send) => {
  const socket = await open();
  // More than the burst and what a slow machine refills while it reads them.
  for (let count = 0; count < 600; count += 1) send(socket);
  expect(await socket.closed).toBe(4429);
  // Nothing beyond the burst was worked on.
  expect(socket.messages.length).toBeLessThan(500);
});

test("a message with a byte order mark is read, as a body is", async () => {
  const socket = await open();
  socket.send(`\ufeff${JSON.stringify({ id: 3, method: "query", params: { path: "system.ping" } })}`);
  expect(await socket.until<Answer>(({ id }) => id === 3)).toMatchObject({ result: { type: "data" } });
});

test("a message that cannot be read is refused with an id of its request, as every call is", async () => {
  const socket = await open();
  type Refusal = { error?: { data: { requestId: string | null } } };
  for (const wrong of ["{", JSON.stringify({ id: 1, method: "nothing" }), JSON.stringify([5])]) {
    socket.send(wrong);
    const { error } = await socket.until<Refusal>((message) => (message as Refusal).error !== undefined);
    expect([wrong, error?.data.requestId]).toEqual([wrong, expect.stringMatching(/^[\da-f-]{36}$/)]);
    socket.messages.length = 0;
  }
});

test("a flood of ping frames is cut off", async () => {
  const { socket, closed } = await open();
  for (let count = 0; count < 500; count += 1) socket.ping();
  // By us, or by `ws` itself once too many of its pongs wait.
  expect([1006, 4429]).toContain(await closed);
});

const mask = (payload: Buffer, key = randomBytes(4)) =>
  Buffer.concat([key, payload.map((byte, index) => byte ^ (key[index % 4] ?? 0))]);
const frame = (first: number, payload: Buffer) =>
  Buffer.concat([Buffer.from([first, 0x80 | payload.length]), mask(payload)]);

test.each<[string, Buffer, number]>([
  ["reserved bits", frame(0xf1, Buffer.from("{}")), 1002],
  ["an unknown opcode", frame(0x83, Buffer.from("{}")), 1002],
  ["no mask", Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
  ["a ping in fragments", frame(0x09, Buffer.from("")), 1002],
  ["a continuation of nothing", frame(0x80, Buffer.from("{}")), 1002],
  ["a length of 2^63", Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4]), 1009],
  ["a length of 64 KiB and one byte", Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4]), 1009],
  ["text that is not UTF-8", frame(0x81, Buffer.from([0xc3, 0x28])), 1007],
  ["a close code that means nothing", frame(0x88, Buffer.from([0x00, 0x01])), 1002],
  [
    "a message in 1-byte fragments",
    Buffer.concat([frame(0x01, Buffer.from("x")), ...Array.from({ length: 40 }, () => frame(0x00, Buffer.from("x")))]),
    1008,
  ],
])("%s closes the socket, and the process lives", async (_, bytes, code) => {
  const socket = await rawUpgrade(await bearer());
  socket.write(bytes);
  expect(await closeCodeOf(socket)).toBe(code);
});

/** A connection that was upgraded and now speaks whatever it is told to. */
async function rawUpgrade(headers: Record<string, string>) {
  const socket = connect(gateway.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const lines = { host: "x", upgrade: "websocket", connection: "Upgrade", "sec-websocket-version": "13", ...headers };
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET /ws HTTP/1.1\r\nsec-websocket-key: ${key}\r\n${Object.entries(lines)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join("")}\r\n`,
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(String(answer)).toContain("101 Switching Protocols");
  return socket;
}

async function closeCodeOf(socket: Awaited<ReturnType<typeof rawUpgrade>>): Promise<number> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  socket.destroy();
  const all = Buffer.concat(chunks);
  const at = all.indexOf(0x88);
  return at < 0 ? 0 : all.readUInt16BE(at + 2);
}

/** The status that a request with an Upgrade is answered with. */
function upgradeStatus(
  headers: Record<string, string>,
  path = "/ws",
): Promise<{ status: number; retryAfter: unknown }> {
  return new Promise((resolve, reject) => {
    const upgrade = request({
      port: gateway.port,
      path,
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": randomBytes(16).toString("base64"),
        ...headers,
      },
    });
    upgrade.on("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] });
    });
    upgrade.on("upgrade", (_, socket) => {
      socket.destroy();
      resolve({ status: 101, retryAfter: undefined });
    });
    upgrade.on("error", reject);
    upgrade.end();
  });
}

test("an upgrade from another site is refused before anybody is looked up", async () => {
  const { cookie } = await guestOf(gateway.url);
  const { port } = gateway;
  const origins = [
    "https://evil.example",
    "null",
    `http://127.0.0.1:${port}.evil.example`,
    `https://127.0.0.1:${port}`,
    `http://localhost:${port + 1}`,
    "http://localhost",
  ];
  for (const origin of origins) {
    expect([origin, (await upgradeStatus({ cookie, origin })).status]).toEqual([origin, 403]);
    expect((await upgradeStatus({ ...(await bearer()), origin })).status).toBe(403);
  }
  expect((await upgradeStatus({ cookie })).status).toBe(403);
  expect((await upgradeStatus({ cookie, origin: `http://127.0.0.1:${port}` })).status).toBe(101);
});

test("an upgrade without an identity is refused, and nothing in the URL is one", async () => {
  const { authorization } = await bearer();
  const origin = `http://127.0.0.1:${gateway.port}`;
  expect((await upgradeStatus({ origin })).status).toBe(401);
  expect((await upgradeStatus({})).status).toBe(401);
  expect((await upgradeStatus({ authorization: `${authorization}x` })).status).toBe(401);
  expect((await upgradeStatus({}, `/ws?token=${authorization.slice(7)}`)).status).toBe(401);
});

test("a socket knows who it is from its headers and never waits for connection params", async () => {
  const socket = await open(undefined, "/ws?connectionParams=1");
  socket.send(call(1, "query", "session.me"));
  expect(await socket.until<Answer>(({ id }) => id === 1)).toMatchObject({ result: { data: { kind: "apiKey" } } });
});

test.each([
  ["/", 404],
  ["/ws/", 404],
  ["/ws2", 404],
  ["/api/trpc", 404],
  ["//", 400],
  ["http://169.254.169.254/ws2", 404],
  ["/%00", 404],
  ["*", 400],
  ["/api/health", 200],
])("an upgrade at %s is an ordinary request, answered with %i", async (path, status) => {
  expect((await upgradeStatus(await bearer(), path)).status).toBe(status);
});

test("an upgrade to another protocol than our socket's is an ordinary request on every route", async () => {
  const headers = { ...(await bearer()), connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "" };
  expect((await upgradeStatus(headers, "/api/ready")).status).toBe(200);
  expect((await upgradeStatus(headers, "/api/trpc/session.me")).status).toBe(200);
  expect((await upgradeStatus(headers, "/ws")).status).toBe(404);
});

test("one owner holds a limited number of sockets, and one that closes makes room", async () => {
  const headers = await bearer();
  const sockets = await Promise.all(Array.from({ length: 5 }, () => open(headers)));
  expect(await upgradeStatus(headers)).toEqual({ status: 429, retryAfter: "10" });
  sockets[0]?.socket.close();
  await sockets[0]?.closed;
  await expect.poll(async () => (await upgradeStatus(headers)).status).toBe(101);
});

test("the guests of one address hold a limited number of sockets together; keys are not counted with them", async () => {
  const origin = `http://127.0.0.1:${gateway.port}`;
  for (let count = 0; count < 8; count += 1) {
    const { cookie } = await guestOf(gateway.url);
    await open({ cookie, origin });
  }
  const { cookie } = await guestOf(gateway.url);
  expect((await upgradeStatus({ cookie, origin })).status).toBe(429);
  expect((await upgradeStatus(await bearer())).status).toBe(101);
});

test("operators see in /metrics how sockets ended, what was refused, how Redis is reached, and what is waited for", async () => {
  const { ownerId, key } = await keyHolder(db.database);
  await setRole(db.database, { ownerId, role: "operator" });
  const authorization = `Bearer ${key}`;
  const series = async () => {
    const response = await fetch(`${gateway.url}/metrics`, { headers: { authorization } });
    const lines = (await response.text()).matchAll(/^(darkroom_\S+) (\S+)$/gm);
    // Every metric says which process it is of.
    const nameOf = (name = "") => name.replace(/instance_id="[^"]+",|,?instance_id="[^"]+"/, "").replace("{}", "");
    return new Map([...lines].map(([, name, value]) => [nameOf(name), Number(value)]));
  };
  const before = await series();
  const socket = await open({ authorization });
  socket.send(Array.from({ length: 21 }, (_, index) => call(index, "query", "system.ping")));
  await socket.closed;
  await expect(open({ authorization: "Bearer unknown" })).rejects.toThrow("401");

  const after = await series();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown("darkroom_sockets_opened_total")).toBe(1);
  expect(grown('darkroom_sockets_closed_total{code="4429"}')).toBe(1);
  expect(grown('darkroom_upgrades_refused_total{status="401"}')).toBe(1);
  expect(after.get('darkroom_redis_up{connection="subscriber"}')).toBe(1);
  expect(after.get('darkroom_redis_reconnects_total{connection="commands"}')).toBe(0);
  expect(grown('darkroom_postgres_wait_seconds_count{for="answer"}')).toBeGreaterThan(0);
  expect(grown("darkroom_redis_command_seconds_count")).toBeGreaterThan(0);
});
