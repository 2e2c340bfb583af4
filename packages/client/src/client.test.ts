import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { appRouter } from "@darkroom/api";
import { finish, setup } from "@darkroom/api/testing/setup";
import type { Principal } from "@darkroom/contracts";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { type ClientOptions, createDarkroomClient, customEvents, type DarkroomClient } from "./index.ts";

const KEY = "dk_test";
const picture = { workflow: "picture", inputs: { prompt: "a red cube" } };

/**
 * The API behind HTTP and a socket, for the one key; `cut` ends every open socket, as a lost network does. The first
 * `unanswered` upgrades get no answer.
 */
async function serve({ unanswered = 0, role = "member" as "member" | "operator" } = {}) {
  const api = await setup();
  const owner = await api.account(role);
  const principal: Principal = { ...owner, kind: "apiKey" };
  const calls = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    calls.now += 1;
    calls.most = Math.max(calls.most, calls.now);
    response.once("close", () => {
      calls.now -= 1;
    });
    if (request.headers.authorization !== `Bearer ${KEY}`) return response.writeHead(401).end();
    if (request.url === "/api/outputs/1") return response.end("picture");
    if (request.url === "/api/outputs/2")
      return response.writeHead(404).end('{"error":{"code":"NOT_FOUND","message":"There is no such output."}}');
    const { pathname } = new URL(request.url ?? "/", "http://x");
    return nodeHTTPRequestHandler({
      router: appRouter,
      req: request,
      res: response,
      path: pathname.slice("/api/trpc/".length),
      createContext: () => api.context(principal),
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  let upgrades = 0;
  const left: Duplex[] = [];
  server.on("upgrade", (request, socket, head) => {
    if (request.headers.authorization !== `Bearer ${KEY}` || request.url !== "/ws") return socket.destroy();
    upgrades += 1;
    if (upgrades <= unanswered) return left.push(socket);
    sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit("connection", accepted, request));
  });
  applyWSSHandler({
    wss: sockets,
    router: appRouter,
    createContext: () => api.context(principal, { transport: "ws" }),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: DarkroomClient[] = [];
  const another = (options: Partial<ClientOptions> = {}) => {
    const made = createDarkroomClient({ url, apiKey: KEY, ...options });
    clients.push(made);
    return made;
  };
  const client = another();
  const stop = async () => {
    for (const socket of sockets.clients) socket.terminate();
    for (const socket of left) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(async () => {
    await Promise.all(clients.map((one) => one.close()));
    await stop();
  });
  const cut = () => {
    for (const socket of sockets.clients) socket.terminate();
  };
  /** Both ends stay open and nothing arrives any more, as behind a router that was switched off. */
  const hang = () => {
    for (const socket of sockets.clients) socket.pause();
  };
  return { api, client, another, stop, cut, hang, calls, upgrades: () => upgrades };
}

test("a handle waits for the end of its job, and all handles share one socket", async () => {
  const { api, client, upgrades } = await serve();
  const handles = await Promise.all([client.submit(picture), client.submit(picture), client.submit(picture)]);
  const ends = Promise.all(handles.map((handle) => handle.wait()));
  for (const { jobId } of handles) await finish(api, jobId);
  expect((await ends).map(({ jobId, state }) => [jobId, state])).toEqual(
    handles.map(({ jobId }) => [jobId, "succeeded"]),
  );
  expect(upgrades()).toBe(1);
});

test("a thousand waits share one subscription, and are told within a second of the end", {
  timeout: 60_000,
}, async () => {
  const { api, client, upgrades } = await serve();
  const items = Array.from({ length: 100 }, () => picture);
  const batches = await Promise.all(Array.from({ length: 10 }, () => client.trpc.job.submitBatch.mutate({ items })));
  const jobs = batches.flatMap((batch) => batch.jobs);
  const ends = Promise.all(jobs.map(({ jobId }) => client.job(jobId).wait()));
  await expect.poll(() => api.hub.stats().subscriptions, { timeout: 20_000 }).toBe(1);
  for (const { batchId } of batches) await client.trpc.job.cancel.mutate({ batchId });
  const endedAt = performance.now();
  expect(new Set((await ends).map(({ state }) => state))).toEqual(new Set(["canceled"]));
  expect(performance.now() - endedAt).toBeLessThan(1000);
  expect(upgrades()).toBe(1);
});

test("of any number of calls made at once few are under way, so that none is refused for it", async () => {
  const { client, calls } = await serve();
  const submitted = await Promise.all(Array.from({ length: 150 }, () => client.submit(picture)));
  expect(new Set(submitted.map(({ jobId }) => jobId)).size).toBe(150);
  // Sixteen, and those whose answers are on their way.
  expect(calls.most).toBeLessThan(32);
});

test("callbacks are told of each step, and of exactly one end", async () => {
  const { api, client } = await serve();
  const told: string[] = [];
  const done = Promise.withResolvers<void>();
  const submission = client
    .submit(picture)
    .onQueued(({ state }) => told.push(state))
    .onStarted(({ state }) => told.push(state))
    .onComplete(({ state, outputs }) => {
      told.push(`${state} ${outputs.length}`);
      done.resolve();
    })
    .onError(() => told.push("error"));
  const { jobId } = await submission;
  await expect.poll(() => told).toEqual(["queued"]);
  await finish(api, jobId);
  await done.promise;
  expect(told).toEqual(["queued", "running", "succeeded 0"]);

  const refused = await new Promise((resolve) => client.submit({ workflow: "picture", inputs: {} }).onError(resolve));
  expect(refused).toMatchObject({ data: { code: "INPUT_INVALID" } });
  const canceled = client.submit(picture);
  await (await canceled).cancel();
  const error = await new Promise((resolve) => canceled.onError(resolve));
  expect(error).toMatchObject({ name: "JobNotSucceeded", job: { state: "canceled" } });
});

test("of a job that ended before anybody looked, every step and its end are told", async () => {
  const { api, client, another } = await serve();
  const input = { ...picture, idempotencyKey: "quick" };
  const { jobId } = await client.submit(input);
  await finish(api, jobId);
  const told: string[] = [];
  const again = another()
    .submit(input)
    .onQueued(() => told.push("queued"))
    .onStarted(() => told.push("started"))
    .onComplete(() => told.push("complete"));
  const types: string[] = [];
  for await (const event of again) types.push(event.type);
  expect(types).toEqual(["job.succeeded"]);
  await expect.poll(() => told).toEqual(["queued", "started", "complete"]);
});

test("a server that does not answer is named, with why", async () => {
  const { another, stop } = await serve();
  const client = another();
  await stop();
  const refusal = { message: expect.stringMatching(/^no answer from http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/) };
  await expect(client.generateAndWait(picture)).rejects.toMatchObject(refusal);
  await expect(client.job("x").download({ url: "/api/outputs/1" })).rejects.toMatchObject(refusal);
});

test("a service's own events are typed, told in order with those of jobs, and survive a lost connection", async () => {
  const { client, another, cut } = await serve();
  const isOrder = (id: string): boolean => {
    if (id === "odd") throw new Error("a check that fails itself");
    return true;
  };
  const shop = customEvents({
    "x.shop.paid": { durable: true, data: z.object({ orderId: z.string().refine(isOrder) }) },
    "x.shop.viewed": { durable: false, data: z.object({ by: z.string() }) },
  });
  const told: string[] = [];
  const stop = await shop.listen(client, (event) => {
    told.push(event.type === "x.shop.paid" ? event.data.orderId : event.data.by);
  });
  await shop.publish(client, "x.shop.viewed", { by: "Ada" });
  await expect.poll(() => told).toEqual(["Ada"]);
  cut();
  await shop.publish(client, "x.shop.paid", { orderId: "17" });
  // What does not fit the registry is not told, and not sent.
  await client.publish({ type: "x.shop.paid", data: { orderId: 18 }, durable: true });
  await client.publish({ type: "x.shop.paid", data: { orderId: "odd" }, durable: true });
  await client.publish({ type: "x.other", data: {}, durable: true });
  await expect(shop.publish(client, "x.shop.paid", { orderId: 19 } as never)).rejects.toThrow(TypeError);
  await shop.publish(client, "x.shop.paid", { orderId: "20" });
  await expect.poll(() => told).toEqual(["Ada", "17", "20"]);
  stop();
  const stranger = another({ apiKey: "dk_wrong" });
  await expect(stranger.onCustomEvent(() => undefined)).rejects.toThrow();
});

test("a callback that throws keeps nobody else from being told", async () => {
  const { api, client } = await serve();
  const thrown: unknown[] = [];
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", (error) => thrown.push(error));
  onTestFinished(() => {
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other);
  });
  const fail = () => {
    throw new Error("of its own");
  };
  const shop = customEvents({ "x.shop.paid": { durable: true, data: z.object({ orderId: z.string() }) } });
  const told: string[] = [];
  await shop.listen(client, (event) => (event.data.orderId === "17" ? fail() : told.push(event.data.orderId)));
  await client.onCustomEvent(fail);
  const unwatch = client.onConnectionState(fail);
  for (const orderId of ["17", "18"]) await shop.publish(client, "x.shop.paid", { orderId });
  await expect.poll(() => told).toEqual(["18"]);
  const failing = client.submit(picture).onQueued(fail).onStarted(fail).onComplete(fail).onError(fail);
  const { jobId } = await failing;
  const end = client.job(jobId).wait();
  await finish(api, jobId);
  expect(await end).toMatchObject({ jobId, state: "succeeded" });
  await expect.poll(() => thrown.length).toBeGreaterThanOrEqual(6);
  unwatch();
});

test("a process that was killed gets its job again by its own idempotency key", async () => {
  const { api, client, another } = await serve();
  const input = { ...picture, idempotencyKey: "order-17" };
  const { jobId } = await client.submit(input);
  await client.close();
  await finish(api, jobId);
  expect(await another().generateAndWait(input)).toMatchObject({ jobId, state: "succeeded" });
});

test("with a limit of attempts, what waits is told that the connection is lost", async () => {
  const { client, another, stop } = await serve();
  const { jobId } = await client.submit(picture);
  const limited = another({ retry: { delayMs: () => 20, maxAttempts: 3 } });
  const states: string[] = [];
  limited.onConnectionState((state) => states.push(state));
  const end = limited.job(jobId).wait();
  await expect.poll(() => states).toContain("open");
  await stop();
  await expect(end).rejects.toMatchObject({ name: "ConnectionLost" });
  expect(states.at(-1)).not.toBe("open");
});

test("an operator's handle follows somebody else's job", { timeout: 60_000 }, async () => {
  const { api, client } = await serve({ role: "operator" });
  const { jobId } = await api.as(await api.account()).job.submit(picture);
  const handle = client.job(jobId ?? "");
  const end = handle.wait();
  await expect.poll(() => api.hub.stats().subscriptions).toBe(1);
  // The wait has read it by then, and the feed, which is the operator's own, will not tell of it.
  await handle.view();
  await finish(api, jobId ?? "");
  expect(await end).toMatchObject({ state: "succeeded" });
});

test("events survive a lost connection: each arrives once and in order", async () => {
  const { api, client, cut, upgrades } = await serve();
  const handle = await client.submit(picture);
  const events = handle.events()[Symbol.asyncIterator]();
  const types: string[] = [];
  const first = events.next();
  // The subscription stands once the hub watches its owner.
  await expect.poll(() => api.hub.stats().subscriptions).toBe(1);
  cut();
  await finish(api, handle.jobId);
  for (let step = await first; step.done !== true; step = await events.next()) types.push(step.value.type);
  expect(types.filter((type) => type !== "job.positioned")).toEqual(["job.started", "job.succeeded"]);
  expect(upgrades()).toBe(2);
});

test("a connection that has gone silent is noticed within ten seconds, and nothing of the job is missed", async () => {
  const { api, client, hang, upgrades } = await serve();
  const handle = await client.submit(picture);
  const end = handle.wait();
  await expect.poll(() => api.hub.stats().subscriptions).toBe(1);
  const silentSince = performance.now();
  hang();
  await expect.poll(upgrades, { timeout: 15_000 }).toBe(2);
  // The first wait before it reconnects is part of it.
  expect(performance.now() - silentSince).toBeLessThan(10_000 + 1500);
  await finish(api, handle.jobId);
  expect((await end).state).toBe("succeeded");
});

test("a server that takes a connection and never answers is asked again within ten seconds", async () => {
  const { api, client, upgrades } = await serve({ unanswered: 1 });
  const handle = await client.submit(picture);
  const end = handle.wait();
  await expect.poll(upgrades, { timeout: 10_000 + 1500 }).toBe(2);
  await finish(api, handle.jobId);
  expect((await end).state).toBe("succeeded");
});

test("a wait ends with its signal or its time, and the job goes on", async () => {
  const { client } = await serve();
  const handle = await client.submit(picture);
  await expect(handle.wait({ timeoutMs: 49.5 })).rejects.toMatchObject({ name: "TimeoutError" });
  await expect(handle.wait({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  expect((await handle.view()).state).toBe("queued");
});

test("waiting for a job that has ended answers at once, and a canceled one is an answer too", async () => {
  const { client } = await serve();
  const handle = await client.submit(picture);
  await handle.cancel();
  expect(await client.job(handle.jobId).wait()).toMatchObject({ state: "canceled" });
});

test("refusals reach the caller with the stable code and the fields", async () => {
  const { client } = await serve();
  await expect(client.generateAndWait({ workflow: "picture", inputs: {} })).rejects.toMatchObject({
    data: { code: "INPUT_INVALID", httpStatus: 400, fields: [{ path: "inputs.prompt" }] },
  });
});

test("a download that is refused says why, with the stable code", async () => {
  const { client } = await serve();
  await expect(client.job("x").download({ url: "/api/outputs/2" })).rejects.toMatchObject({
    message: "There is no such output.",
    data: { code: "NOT_FOUND" },
  });
});

test("a download carries the key", async () => {
  const { client } = await serve();
  const handle = client.job("0190a000-0000-7000-8000-000000000000");
  expect(await (await handle.download({ url: "/api/outputs/1" })).text()).toBe("picture");
});
