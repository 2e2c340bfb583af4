import { finish } from "@darkroom/api/testing/setup";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { customEvents } from "./index.ts";
import { picture, serve } from "./testing/serve.ts";

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
