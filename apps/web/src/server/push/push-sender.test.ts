import { createECDH, createPublicKey, randomBytes, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { newId } from "@darkroom/contracts";
import { claimJob, ensureOwner, savePushSubscription, seedWorkflows, settleJob, submitJobs } from "@darkroom/db";
import { createTestDatabase, newJob, type TestDatabase } from "@darkroom/db/testing";
import { createTasks } from "@darkroom/monitor";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { picture } from "../testing/running-job.ts";
import { decidePush, noteOf, type PushNote, type SeenPages } from "./push-note.ts";
import { startPushSender } from "./push-sender.ts";
import { type VapidKeys, vapidKeysOf } from "./vapid-keys.ts";

/** What browsers do with what is pushed to them (RFC 8188); it comes without types. */
const ece = createRequire(import.meta.url)("http_ece") as { decrypt(content: Buffer, how: object): Buffer };

const keys = vapidKeysOf("a secret of tests");
const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  await seedWorkflows(db.database, [picture]);
});
afterAll(() => db?.drop());

/**
 * A push service with one browser, which reads what comes as a browser does; `answer` says with which status it is taken. It knows us by
 * the key of `known`, and refuses others.
 */
async function browserOf(ownerId: string, answer: () => number = () => 201, known = keys) {
  const curve = createECDH("prime256v1");
  curve.generateKeys();
  const auth = randomBytes(16).toString("base64url");
  const notes: PushNote[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const authorization = request.headers.authorization ?? "";
    const status = authorization.endsWith(`k=${known.publicKey}`) ? answer() : 403;
    if (status < 300) {
      assertSigned(authorization, { by: known, audience: `http://${request.headers.host}` });
      const text = ece.decrypt(Buffer.concat(await request.toArray()), {
        ...{ version: "aes128gcm", privateKey: curve, dh: curve.getPublicKey("base64url"), authSecret: auth },
      });
      notes.push(JSON.parse(text.toString()));
    }
    response.writeHead(status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${newId()}`;
  const address = { endpoint, p256dh: curve.getPublicKey("base64url"), auth };
  await savePushSubscription(db.database, { subscriptionId: newId(), ownerId, ...address });
  const isKept = async () =>
    (await db.database.sql`SELECT 1 FROM push_subscriptions WHERE endpoint = ${endpoint}`).length > 0;
  return { notes, isKept };
}

/** What a push service checks of a message (RFC 8292): a token that our key signed, for this service. */
function assertSigned(authorization: string, { by, audience }: { by: VapidKeys; audience: string }): void {
  const [, token = "", key] = /^vapid t=([^,]+), *k=(.+)$/.exec(authorization) ?? [];
  expect(key).toBe(by.publicKey);
  const [head = "", body = "", signature = ""] = token.split(".");
  const point = Buffer.from(by.publicKey, "base64url");
  const coordinates = { x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", ...coordinates }, format: "jwk" });
  const signed = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
  expect(verify("sha256", Buffer.from(`${head}.${body}`), signed, Buffer.from(signature, "base64url"))).toBe(true);
  expect(JSON.parse(Buffer.from(body, "base64url").toString())).toMatchObject({ aud: audience });
}

async function newOwner(): Promise<string> {
  const ownerId = newId();
  await ensureOwner(db.database, { ownerId, kind: "guest" });
  return ownerId;
}

async function runJob(ownerId: string): Promise<string> {
  const { database } = db;
  const job = await newJob(database, picture, {});
  await submitJobs(database, { ownerId, ownerKind: "guest", addressKey: null, limits: null, jobs: [job] });
  const claimed = await claimJob(database, { jobId: job.jobId, workerId: "w", backendId: "b", leaseSeconds: 60 });
  await settleJob(database, { jobId: job.jobId, attempt: claimed?.job.attempt ?? 0, outcome: { type: "succeeded" } });
  return job.jobId;
}

function start({
  pages = new Map<string, SeenPages>(),
  privateHosts = ["127.0.0.1"],
  tasks = createTasks(),
  earlierKeys = [] as VapidKeys[],
} = {}) {
  const sender = startPushSender({
    ...{ database: db.database, keys, earlierKeys, contact: "mailto:a@example.com", tasks, log, tickMs: 20 },
    privateHosts: new Set(privateHosts),
    seenPages: async () => pages,
    retry: { firstMs: 20, maxMs: 50 },
  });
  onTestFinished(() => sender.stop());
  return sender;
}

const isPassed = async (ownerId: string): Promise<boolean> => {
  const rows = await db.database.sql`
    SELECT 1 FROM push_subscriptions s JOIN owner_feeds f ON f.owner_id = s.owner_id WHERE s.owner_id = ${ownerId} AND s.cursor = f.seq`;
  return rows.length > 0;
};

const failuresOf = async (ownerId: string): Promise<number> => {
  const [row] = await db.database.sql`SELECT failures FROM push_subscriptions WHERE owner_id = ${ownerId}`;
  return row?.failures ?? 0;
};

test("a browser is told of the end of its owner's job, in words that only it can read, and once", async () => {
  const [ownerId, otherId] = [await newOwner(), await newOwner()];
  const [own, others] = [await browserOf(ownerId), await browserOf(otherId)];
  start();
  start();
  const jobId = await runJob(ownerId);
  await expect.poll(() => own.notes).toEqual([expect.objectContaining({ title: "Your picture is ready", tag: jobId })]);
  expect(own.notes[0]?.url).toBe(`/jobs/${jobId}`);
  await expect.poll(() => isPassed(ownerId)).toBe(true);
  expect(own.notes).toHaveLength(1);
  expect(others.notes).toEqual([]);
});

test("what ended while no process sent, or while the push service was down, is told afterwards", async () => {
  const ownerId = await newOwner();
  let tries = 0;
  const browser = await browserOf(ownerId, () => {
    tries += 1;
    return tries < 3 ? 503 : 201;
  });
  const jobIds = [await runJob(ownerId), await runJob(ownerId)];
  expect(jobIds).toHaveLength(2);
  start();
  await expect.poll(() => browser.notes).toEqual([expect.objectContaining({ body: "2 finished" })]);
  expect(tries).toBe(3);
});

test("while a page of the owner is there nothing is pushed", async () => {
  const ownerId = await newOwner();
  const browser = await browserOf(ownerId);
  start({ pages: new Map([[ownerId, [Date.now() + 60_000]]]) });
  await runJob(ownerId);
  await expect.poll(() => isPassed(ownerId)).toBe(true);
  expect(browser.notes).toEqual([]);
});

test("a browser that took its subscription back is forgotten", async () => {
  const ownerId = await newOwner();
  const gone = await browserOf(ownerId, () => 410);
  start();
  await runJob(ownerId);
  await expect.poll(gone.isKept).toBe(false);
});

test("a browser that subscribed before the secret was changed is told, and forgotten once the secret before is", async () => {
  const ownerId = await newOwner();
  const before = vapidKeysOf("the secret before that of tests");
  const browser = await browserOf(ownerId, () => 201, before);
  await runJob(ownerId);
  const sender = start({ earlierKeys: [before] });
  await expect.poll(() => browser.notes).toHaveLength(1);
  await sender.stop();
  start();
  await runJob(ownerId);
  await expect.poll(browser.isKept).toBe(false);
});

test("a browser whose key is none is put off, and keeps no other from being told", async () => {
  const [badId, ownerId] = [await newOwner(), await newOwner()];
  const bad = { endpoint: "https://push.example.com/bad", p256dh: `B${"A".repeat(86)}`, auth: "A".repeat(22) };
  await savePushSubscription(db.database, { subscriptionId: newId(), ownerId: badId, ...bad });
  const browser = await browserOf(ownerId);
  await runJob(badId);
  await runJob(ownerId);
  const tasks = createTasks();
  start({ tasks });
  await expect.poll(() => browser.notes).toHaveLength(1);
  await expect.poll(() => failuresOf(badId)).toBeGreaterThan(1);
  expect(tasks.reports()).toMatchObject([{ name: "push", lastError: null }]);
});

test("an address in a private network is not called", async () => {
  const ownerId = await newOwner();
  let asked = 0;
  await browserOf(ownerId, () => {
    asked += 1;
    return 201;
  });
  start({ privateHosts: [] });
  await runJob(ownerId);
  await expect.poll(() => failuresOf(ownerId)).toBeGreaterThan(1);
  expect(asked).toBe(0);
});

test.each<[string, number[], number, string]>([
  ["no page was there", [], 1000, "tell"],
  ["a page was seen after it", [1500], 1000, "pass"],
  ["a page may have been closed just then", [900], 1000, "wait"],
  ["a page has said nothing since", [-50_000], -29_000, "tell"],
])("where %s", (_, pages, at, decision) => {
  expect(decidePush(pages, { at, now: 2000 })).toBe(decision);
});

test("a note of several says how many of each, and a long prompt is shortened", () => {
  const job = { jobId: "j", at: "", workflow: "Text to image", prompt: null };
  const ended = [
    { ...job, type: "job.succeeded" as const },
    { ...job, type: "job.failed" as const },
  ];
  expect(noteOf(ended)).toMatchObject({ body: "1 finished and 1 failed", finished: 1, failed: 1, url: "/" });
  expect(noteOf([{ ...job, type: "job.failed" }])).toMatchObject({
    title: "Your picture failed",
    body: "Text to image",
  });
  expect(noteOf([{ ...job, type: "job.succeeded", prompt: "x".repeat(500) }]).body).toHaveLength(120);
});
