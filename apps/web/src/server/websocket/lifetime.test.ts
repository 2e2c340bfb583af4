import { type DurableEvent, newId, type OwnedTransient } from "@darkroom/contracts";
import { type Database, revokeApiKey, seedWorkflows, setRole } from "@darkroom/db";
import type { Publisher } from "@darkroom/queue";
import { progressedEvent } from "@darkroom/queue/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Gateway, keyHolder, openSocket, type RawSocket } from "../testing/gateway.ts";
import { picture, runningJob } from "../testing/running-job.ts";
import { setup } from "../testing/setup.ts";

let database: Database;
let gateway: Gateway;
let publisher: Publisher;
let close: () => Promise<void>;

beforeAll(async () => {
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  ({ database, gateway, publisher, close } = await setup(urls));
  await seedWorkflows(database, [picture]);
}, 90_000);
afterAll(() => close?.());

interface Value {
  readonly result?: {
    readonly type: string;
    readonly data?: {
      readonly data: { readonly events: readonly { readonly message?: string; readonly version?: number }[] };
    };
  };
}
const messagesOf = (value: Value) => value.result?.data?.data.events.map(({ message }) => message) ?? [];

/** A socket that follows its owner's feed and has its first snapshot. */
async function follow(headers: Record<string, string>): Promise<RawSocket> {
  const socket = await openSocket(gateway.url, headers);
  socket.send({ id: 1, method: "subscription", params: { path: "job.onFeed" } });
  await socket.until<Value>(({ result }) => result?.type === "data");
  return socket;
}

function progressed(ownerId: string, jobId: string, message: string): OwnedTransient {
  return { ownerId, event: progressedEvent({ jobId, message }) };
}

/** Published again and again: what is transient may be dropped. Of a job that runs: of any other nobody is told. */
async function seen(socket: RawSocket, ownerId: string, message: string): Promise<void> {
  const jobId = await runningJob({ database, publisher }, ownerId);
  const arrived = socket.until<Value>((value) => messagesOf(value).includes(message));
  const timer = setInterval(() => void publisher.publishTransient(progressed(ownerId, jobId, message)), 100);
  await arrived.finally(() => clearInterval(timer));
}

/** Signs up as a browser would; answers the cookies. */
async function signUp(): Promise<{ cookie: string; origin: string }> {
  const response = await fetch(`${gateway.url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: gateway.url },
    body: JSON.stringify({ name: "Ada", email: `${newId()}@example.com`, password: "correct horse" }),
  });
  expect(response.status).toBe(200);
  const cookie = response.headers.getSetCookie().map((set) => set.split(";")[0]);
  return { cookie: cookie.join("; "), origin: gateway.url };
}

test("what ends an identity closes its sockets with 4401 within five seconds, and no event follows", async () => {
  const [revoked, promoted, bystander] = await Promise.all([1, 2, 3].map(() => keyHolder(database)));
  if (revoked === undefined || promoted === undefined || bystander === undefined) throw new Error("three were made");
  const member = await signUp();
  const sockets = {
    revoked: await follow({ authorization: `Bearer ${revoked.key}` }),
    promoted: await follow({ authorization: `Bearer ${promoted.key}` }),
    signedOut: await follow(member),
    bystander: await follow({ authorization: `Bearer ${bystander.key}` }),
  };
  await seen(sockets.revoked, revoked.ownerId, "before");

  const endedAt = performance.now();
  await revokeApiKey(database, { apiKeyId: revoked.apiKeyId, ownerIds: [revoked.ownerId] });
  await setRole(database, { ownerId: promoted.ownerId, role: "operator" });
  const signOut = await fetch(`${gateway.url}/api/auth/sign-out`, {
    method: "POST",
    headers: { ...member, "content-type": "application/json" },
    body: "{}",
  });
  expect(signOut.status).toBe(200);
  const codes = await Promise.all([sockets.revoked.closed, sockets.promoted.closed, sockets.signedOut.closed]);
  expect(codes).toEqual([4401, 4401, 4401]);
  expect(performance.now() - endedAt).toBeLessThan(5000);

  const count = sockets.revoked.messages.length;
  await publisher.publishTransient(
    progressed(revoked.ownerId, await runningJob({ database, publisher }, revoked.ownerId), "after"),
  );
  await seen(sockets.bystander, bystander.ownerId, "others go on");
  expect(sockets.revoked.messages).toHaveLength(count);
  await expect(follow({ authorization: `Bearer ${revoked.key}` })).rejects.toThrow("401");
  sockets.bystander.close();
});

test("readers that stop reading are cut off and cost nobody else anything", { timeout: 60_000 }, async () => {
  const [slow, good] = await Promise.all([keyHolder(database), keyHolder(database)]);
  const headers = { authorization: `Bearer ${slow.key}` };
  const stalled = await Promise.all(Array.from({ length: 8 }, () => follow(headers)));
  const reader = await follow({ authorization: `Bearer ${good.key}` });
  await seen(reader, good.ownerId, "first");
  const before = await gateway.rss();
  for (const { socket } of stalled) socket.pause();

  // 100 jobs that report 8 KB ten times a second: 8 MB/s for each reader.
  const jobIds = await Promise.all(
    Array.from({ length: 100 }, () => runningJob({ database, publisher }, slow.ownerId)),
  );
  const text = "x".repeat(8000);
  const flood = setInterval(() => {
    for (const jobId of jobIds) void publisher.publishTransient(progressed(slow.ownerId, jobId, text));
  }, 200);
  let isOver = false;
  const allCut = expect
    .poll(async () => (await connectionsOf(slow.ownerId)).length, { timeout: 45_000, interval: 500 })
    .toBe(0)
    .finally(() => {
      isOver = true;
      clearInterval(flood);
    });
  const latencies: number[] = [];
  let growth = 0;
  while (!isOver) {
    const sentAt = performance.now();
    await seen(reader, good.ownerId, newId());
    latencies.push(performance.now() - sentAt);
    growth = Math.max(growth, (await gateway.rss()) - before);
  }
  await allCut;
  for (const { socket } of stalled) socket.resume();
  expect(new Set(await Promise.all(stalled.map(({ closed }) => closed)))).toEqual(new Set([1006]));
  expect(growth).toBeLessThan(128 * 1024 * 1024);
  latencies.sort((a, b) => a - b);
  expect(latencies[Math.floor(latencies.length / 2)]).toBeLessThan(1000);
  reader.close();
});

test("a reader that stops for a while is given every event once it reads again", async () => {
  const { ownerId, key } = await keyHolder(database);
  const headers = { authorization: `Bearer ${key}` };
  const jobId = await runningJob({ database, publisher }, ownerId);
  const [slow, fast] = await Promise.all([follow(headers), follow(headers)]);
  slow.socket.pause();
  // 16 MB, which is more than the gateway and the kernel keep for one socket.
  const event = { type: "job.failed", jobId, attempt: 1, at: new Date().toISOString() };
  const failure = { code: "INTERNAL", message: "x".repeat(16_000), retryable: false };
  await database.sql`
    WITH head AS (UPDATE owner_feeds SET seq = seq + 1000 WHERE owner_id = ${ownerId} RETURNING seq - 1000 AS seq)
    INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
    SELECT ${ownerId}, head.seq + n, ${jobId}, 2 + n, 1, 'job.failed',
      ${database.sql.json({ ...event, failure })}::jsonb || jsonb_build_object('version', 2 + n), now()
    FROM head, generate_series(1, 1000) n`;
  const last = 1002;
  await publisher.publish([{ ownerId, ownerSeq: last, event: { ...event, version: last, failure } as DurableEvent }]);
  const versionsOf = ({ result }: Value) => result?.data?.data.events.flatMap(({ version }) => version ?? []) ?? [];
  await fast.until<Value>((value) => versionsOf(value).includes(last));
  slow.socket.resume();
  await slow.until<Value>((value) => versionsOf(value).includes(last));
  const versions = (slow.messages as Value[]).flatMap(versionsOf);
  expect(versions).toEqual(Array.from({ length: 1000 }, (_, index) => 3 + index));
  for (const socket of [slow, fast]) socket.close();
});

/** The open sockets of an owner, as an admin sees them. */
async function connectionsOf(ownerId: string): Promise<readonly unknown[]> {
  const admin = await adminKey();
  const response = await fetch(`${gateway.url}/api/ws/status`, { headers: { authorization: `Bearer ${admin}` } });
  const { connections } = (await response.json()) as {
    connections: { connectionDetails: readonly { ownerId: string }[] };
  };
  return connections.connectionDetails.filter((connection) => connection.ownerId === ownerId);
}
let madeAdmin: Promise<string> | undefined;
function adminKey(): Promise<string> {
  madeAdmin ??= keyHolder(database).then(async ({ ownerId, key }) => {
    await setRole(database, { ownerId, role: "admin" });
    return key;
  });
  return madeAdmin;
}

test("a process that stops tells its clients one after another, answers 503 meanwhile, and closes with 1012", async () => {
  const { key } = await keyHolder(database);
  const headers = { authorization: `Bearer ${key}` };
  const sockets = await Promise.all(Array.from({ length: 60 }, () => openSocket(gateway.url, headers)));
  const told: number[] = [];
  const allTold = Promise.all(
    sockets.map(async ({ until }) => {
      await until<{ method?: string }>(({ method }) => method === "reconnect");
      told.push(performance.now());
    }),
  );
  const startedAt = performance.now();
  const ended = gateway.end("SIGTERM");
  await expect.poll(() => told.length).toBeGreaterThan(0);
  const ready = await fetch(`${gateway.url}/api/ready`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { status: "unavailable", draining: true }]);
  await expect(openSocket(gateway.url, headers)).rejects.toThrow("503");
  await allTold;
  // 60 sockets, 10 ms apart.
  expect(Math.max(...told) - Math.min(...told)).toBeGreaterThan(400);
  expect(new Set(await Promise.all(sockets.map(({ closed }) => closed)))).toEqual(new Set([1012]));
  expect(await ended).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});

test("a client that was told to reconnect is given nothing more where it was: it may already ask elsewhere", async () => {
  if (!gateway.isAlive()) await gateway.start();
  const { ownerId, key } = await keyHolder(database);
  const socket = await follow({ authorization: `Bearer ${key}` });
  await seen(socket, ownerId, "before");
  const ended = gateway.end("SIGTERM");
  await socket.until<{ method?: string }>(({ method }) => method === "reconnect");
  const count = socket.messages.length;
  const jobId = await runningJob({ database, publisher }, ownerId);
  const timer = setInterval(() => void publisher.publishTransient(progressed(ownerId, jobId, "after")), 100);
  expect(await socket.closed).toBe(1012);
  clearInterval(timer);
  expect(socket.messages).toHaveLength(count);
  expect(await ended).toBe(0);
});
