import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "@darkroom/contracts";
import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { createFaultProxy, type FaultProxy } from "@darkroom/fault-proxy";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createGateway, type Gateway, keyHolder, openSocket } from "./testing/gateway.ts";

let store: TestDatabase;
let line: FaultProxy;
let gateway: Gateway;
let authorization: string;

beforeAll(async () => {
  store = await createTestDatabase(inject("postgresUrl"));
  const databaseUrl = new URL(store.url);
  line = await createFaultProxy({ targetPort: Number(databaseUrl.port) });
  databaseUrl.hostname = "127.0.0.1";
  databaseUrl.port = String(line.port);
  gateway = await createGateway({ databaseUrl: databaseUrl.href, redisUrl: inject("redisUrl") });
  await gateway.start();
  authorization = `Bearer ${(await keyHolder(store.database)).key}`;
}, 90_000);
afterAll(async () => {
  await gateway?.close();
  await line?.close();
  await store?.drop();
});

/** Postgres' own word for a caller's patience, in milliseconds, and what a busy machine adds. */
const MOST_MS = 6000 + 1000;

const json = { "content-type": "application/json" };
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
const post = (body: object | Buffer, headers: Record<string, string> = json): RequestInit => ({
  method: "POST",
  headers: { authorization, ...headers },
  body: body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body),
});
const read = (): RequestInit => ({ headers: { authorization } });

const signIn = (): [string, RequestInit] => {
  const body = JSON.stringify({ email: "ada@example.com", password: "correct horse" });
  return ["/api/auth/sign-in/email", { method: "POST", headers: { ...json, origin: gateway.url }, body }];
};

/** Every kind of door, and how it is asked. */
const doors: Readonly<Record<string, () => [path: string, init?: RequestInit]>> = {
  "a query": () => ["/api/trpc/job.list", read()],
  "a batch of queries": () => ["/api/trpc/job.list,workflow.list?batch=1&input={}", read()],
  "a query of somebody new": () => ["/api/trpc/workflow.list"],
  "a mutation": () => ["/api/trpc/job.submit", post({ workflow: "test-card", inputs: {} })],
  "the blocking route": () => ["/api/generate", post({ workflow: "test-card", inputs: {} })],
  "an upload": () => ["/api/uploads", post(png, { "content-type": "image/png" })],
  "a picture": () => [`/api/outputs/${newId()}`, read()],
  "a preview": () => [`/api/jobs/${newId()}/preview`, read()],
  "a shared picture": () => [`/api/shares/${"s".repeat(43)}`],
  "whether it is ready": () => ["/api/ready"],
  "a sign-in": signIn,
  "a sign-up": () => {
    const body = JSON.stringify({ name: "Ada", email: `${newId()}@example.com`, password: "correct horse" });
    return ["/api/auth/sign-up/email", { method: "POST", headers: { ...json, origin: gateway.url }, body }];
  },
};

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly ms: number;
}

async function ask(door: () => [path: string, init?: RequestInit]): Promise<Answer> {
  const startedAt = performance.now();
  const [path, init] = door();
  const response = await fetch(gateway.url + path, init);
  await response.arrayBuffer();
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, ms: performance.now() - startedAt };
}

const askAll = async (): Promise<Record<string, Answer>> =>
  Object.fromEntries(await Promise.all(Object.entries(doors).map(async ([name, door]) => [name, await ask(door)])));

test("while Postgres stands still every door says so in time and when to try again, and answers as soon as it goes on", async () => {
  // It loads much for the first sign-in; here it is a process at work that Postgres stops answering.
  await ask(signIn);
  const before = await askAll();
  for (const [name, { status }] of Object.entries(before)) expect([name, status]).not.toEqual([name, 503]);

  await line.set({ link: "blackhole" });
  // The second half comes while what the first has asked is still waiting.
  const halfWay = sleep(3000);
  const [first, second, socket] = await Promise.all([
    askAll(),
    halfWay.then(askAll),
    openSocket(gateway.url, { authorization }).then(
      () => "opened",
      (error: Error) => error.message,
    ),
  ]);
  for (const [name, { status, retryAfter, ms }] of [...Object.entries(first), ...Object.entries(second)]) {
    expect([name, status, Number(retryAfter) > 0, ms < MOST_MS ? "in time" : ms]).toEqual([name, 503, true, "in time"]);
  }
  expect(socket).toBe("refused with 503");

  // Half a hundred calls were refused; each cause is logged once a minute, whichever door it came to.
  const refusals = (await gateway.log()).split("\n").filter((text) => text.includes("request refused"));
  expect(refusals.length).toBe(1);
  await line.heal();
  const after = await askAll();
  for (const [name, { status }] of Object.entries(before)) expect([name, after[name]?.status]).toEqual([name, status]);
}, 60_000);
