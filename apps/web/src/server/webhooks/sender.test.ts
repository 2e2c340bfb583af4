import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { webhookSecretOf } from "@darkroom/api";
import { newId } from "@darkroom/contracts";
import {
  changeAlerts,
  claimDeliveries,
  claimJob,
  ensureOwner,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  publishEvent,
  redeliver,
  type StoredWebhook,
  seedWorkflows,
  setRole,
  settleJob,
  submitJobs,
  updateWebhook,
} from "@darkroom/db";
import { createTestDatabase, newJob, type TestDatabase } from "@darkroom/db/testing";
import { createTasks } from "@darkroom/monitor";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { picture } from "../testing/running-job.ts";
import { startWebhookSender } from "./sender.ts";

const webhookKey = "a key of tests";
const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  await seedWorkflows(db.database, [picture]);
});
afterAll(() => db?.drop());

interface Received {
  readonly id: string;
  readonly type: string;
  readonly jobId: string | undefined;
  readonly body: { readonly data: Record<string, unknown> };
}

/** An address that keeps what it takes, verified with the library of Standard Webhooks; `answer` may refuse it first. */
async function receiver(
  webhook: () => StoredWebhook,
  answer: (response: ServerResponse, id: string) => boolean = () => true,
) {
  const received: Received[] = [];
  const server: Server = createServer(async (request: IncomingMessage, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const id = String(request.headers["webhook-id"]);
    if (!answer(response, id)) return;
    const body = new Webhook(webhookSecretOf(webhook(), webhookKey)).verify(
      text,
      request.headers as never,
    ) as Received["body"] & { type: string };
    received.push({ id, type: body.type, jobId: body.data.jobId as string | undefined, body });
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

async function newOwner(): Promise<string> {
  const ownerId = newId();
  await ensureOwner(db.database, { ownerId, kind: "account", accountId: newId() });
  return ownerId;
}

const hook = (ownerId: string, url: string, settings: Partial<StoredWebhook> = {}) =>
  insertWebhook(db.database, { webhookId: newId(), ownerId, url, events: null, workflows: null, ...settings });

/** Three events: queued, started, succeeded. */
async function runJob(ownerId: string): Promise<string> {
  const { database } = db;
  const job = await newJob(database, picture, {});
  await submitJobs(database, { ownerId, ownerKind: "account", addressKey: null, limits: null, jobs: [job] });
  const claimed = await claimJob(database, { jobId: job.jobId, workerId: "w", backendId: "b", leaseSeconds: 60 });
  await settleJob(database, { jobId: job.jobId, attempt: claimed?.job.attempt ?? 0, outcome: { type: "succeeded" } });
  return job.jobId;
}

function startSender({ privateHosts = ["127.0.0.1"], keys = { webhookKey } as object } = {}) {
  const retry = { firstMs: 40, maxMs: 100 };
  const options = {
    database: db.database,
    webhookKey,
    privateHosts: new Set(privateHosts),
    tasks: createTasks(),
    log,
    tickMs: 20,
    retry,
    ...keys,
  };
  const sender = startWebhookSender(options);
  onTestFinished(() => sender.stop());
  return sender;
}

const logOf = async ({ webhookId, ownerId }: StoredWebhook) =>
  (await listDeliveries(db.database, { webhookId, ownerIds: [ownerId], limit: 50 }))?.items ?? [];

const order = ["job.queued", "job.started", "job.succeeded"];

test("a receiver that was down gets everything, signed, in order per job, under the ids of the first attempts", async () => {
  const ownerId = await newOwner();
  let isDown = true;
  const refused = new Set<string>();
  let webhook!: StoredWebhook;
  const { url, received } = await receiver(
    () => webhook,
    (response, id) => {
      if (isDown) {
        refused.add(id);
        response.writeHead(503).end("down for maintenance");
      }
      return !isDown;
    },
  );
  webhook = await hook(ownerId, url);
  startSender();
  const jobIds = [await runJob(ownerId), await runJob(ownerId)];
  await expect.poll(() => refused.size).toBe(2);
  await expect.poll(async () => (await logOf(webhook)).filter(({ attempts }) => attempts > 1).length).toBe(2);
  expect((await logOf(webhook)).find(({ status }) => status === 503)).toMatchObject({
    ...{ state: "waiting", answer: "down for maintenance", latencyMs: expect.any(Number), nextAt: expect.any(String) },
  });
  isDown = false;
  await expect.poll(() => received.length).toBe(6);
  for (const jobId of jobIds) {
    expect(received.filter((one) => one.jobId === jobId).map(({ type }) => type)).toEqual(order);
  }
  expect([...refused].every((id) => received.some((one) => one.id === id))).toBe(true);
  expect(received.at(-1)?.body.data).toMatchObject({ type: "job.succeeded", job: { state: "succeeded", outputs: [] } });
  await expect.poll(async () => (await logOf(webhook)).every(({ state }) => state === "delivered")).toBe(true);

  const [{ deliveryId } = { deliveryId: "" }] = await logOf(webhook);
  expect(await redeliver(db.database, { deliveryId, ownerIds: [ownerId] })).toBe(true);
  await expect.poll(() => received.filter(({ id }) => id === deliveryId).length).toBe(2);
});

test("a service's own events and, of operators, alerts are told to the webhooks that name them, in order", async () => {
  const [ownerId, operatorId] = [await newOwner(), await newOwner()];
  await setRole(db.database, { ownerId: operatorId, role: "operator" });
  const hooks = new Map<string, StoredWebhook>();
  const receive = async (whose: string, events: StoredWebhook["events"]) => {
    const { url, received } = await receiver(() => hooks.get(`${whose} ${events}`) as StoredWebhook);
    hooks.set(`${whose} ${events}`, await hook(whose, url, { events, workflows: ["picture"] }));
    return received;
  };
  const own = await receive(ownerId, ["x.shop.paid"]);
  const alerts = await receive(operatorId, ["alert.raised", "alert.cleared"]);
  const ofMember = await receive(ownerId, ["alert.raised"]);
  startSender();
  for (const [index, type] of (["x.shop.paid", "x.shop.other", "x.shop.paid"] as const).entries()) {
    const event = { type, eventId: newId(), durable: true, data: { index } };
    await publishEvent(db.database, { ownerId, event });
  }
  for (const to of ["raise", "clear"] as const) {
    const facts = { severity: "critical", message: "No worker is there.", value: 0 } as const;
    await changeAlerts(db.database, () => [{ rule: "no-worker", subject: "", to, ...facts }]);
  }
  await expect.poll(() => own.map(({ body }) => (body.data.data as { index: number }).index)).toEqual([0, 2]);
  await expect.poll(() => alerts.map(({ type }) => type)).toEqual(["alert.raised", "alert.cleared"]);
  expect(alerts[0]?.body.data).toMatchObject({ alert: { rule: "no-worker", message: "No worker is there." } });
  expect(ofMember).toEqual([]);
  const [first] = hooks.values();
  const logged = await logOf(first as StoredWebhook);
  expect(logged.map(({ request }) => JSON.parse(request ?? "{}").data?.data?.index)).toEqual([2, 0]);
});

test("what a killed sender had claimed is sent by another one, under the same id and once", async () => {
  const ownerId = await newOwner();
  let webhook!: StoredWebhook;
  const { url, received } = await receiver(() => webhook);
  webhook = await hook(ownerId, url, { events: ["job.succeeded"] });
  await runJob(ownerId);
  const planner = startSender({ privateHosts: [] });
  await expect.poll(async () => (await logOf(webhook)).length).toBe(1);
  await planner.stop();
  const { webhookId } = webhook;
  await db.database.sql`UPDATE webhook_deliveries SET next_at = now() WHERE webhook_id = ${webhookId}`;
  const [claimed] = await claimDeliveries(db.database, { webhookId, limit: 4 });
  expect(await claimDeliveries(db.database, { webhookId, limit: 4 })).toEqual([]);
  await db.database.sql`UPDATE webhook_deliveries SET locked_until = now() WHERE webhook_id = ${webhookId}`;
  startSender();
  await expect.poll(() => received.map(({ id }) => id)).toEqual([claimed?.deliveryId]);
});

test("a webhook that answers slowly delays no other, and filters leave out the rest", async () => {
  const ownerId = await newOwner();
  let fast!: StoredWebhook;
  let slow!: StoredWebhook;
  const waiting: ServerResponse[] = [];
  let isGone = false;
  const hanging = await receiver(
    () => slow,
    (response) => {
      if (isGone) response.writeHead(410).end();
      else waiting.push(response);
      return false;
    },
  );
  const quick = await receiver(() => fast);
  slow = await hook(ownerId, hanging.url);
  fast = await hook(ownerId, quick.url, { events: ["job.started", "job.succeeded"], workflows: ["picture"] });
  const other = await hook(ownerId, quick.url, { workflows: ["another"] });
  startSender();
  await runJob(ownerId);
  await expect.poll(() => waiting.length).toBe(1);
  await runJob(ownerId);
  await expect
    .poll(() => quick.received.map(({ type }) => type).sort())
    .toEqual([...["job.started", "job.started", "job.succeeded", "job.succeeded"]]);
  expect(await logOf(other)).toEqual([]);
  isGone = true;
  for (const response of waiting) response.writeHead(410).end();
  await expect.poll(async () => (await listWebhooks(db.database, [ownerId]))[0]?.isEnabled).toBe(false);
});

test.each<[string, string[], (response: ServerResponse) => void, object]>([
  [
    "an address in a private network is not called",
    [],
    () => undefined,
    { status: null, answer: "The address must lead to a public address." },
  ],
  [
    "a redirect is not followed",
    ["127.0.0.1"],
    (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    { status: 302 },
  ],
  [
    "of an endless answer a kilobyte is kept",
    ["127.0.0.1"],
    (response) => response.writeHead(500).write("x".repeat(5000)),
    { status: 500, answer: "x".repeat(1024) },
  ],
])("%s", async (_, privateHosts, answer, expected) => {
  const ownerId = await newOwner();
  let webhook!: StoredWebhook;
  const { url, received } = await receiver(
    () => webhook,
    (response) => {
      answer(response);
      return false;
    },
  );
  webhook = await hook(ownerId, url, { events: ["job.queued"] });
  startSender({ privateHosts });
  await runJob(ownerId);
  await expect.poll(async () => (await logOf(webhook))[0]).toMatchObject({ state: "waiting", ...expected });
  expect(received).toEqual([]);
  await updateWebhook(db.database, { webhookId: webhook.webhookId, ownerIds: [ownerId], isEnabled: false });
});

test("a receiver that knows the secret of before AUTH_SECRET was changed goes on", async () => {
  const ownerId = await newOwner();
  let webhook!: StoredWebhook;
  const { url, received } = await receiver(() => webhook);
  webhook = await hook(ownerId, url);
  startSender({ keys: { webhookKey: "a key of today", earlierWebhookKeys: [webhookKey] } });
  await runJob(ownerId);
  await expect.poll(() => received.map(({ type }) => type)).toEqual(order);
});
