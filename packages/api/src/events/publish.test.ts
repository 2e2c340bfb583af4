import type { JobEvent } from "@darkroom/contracts";
import { newId } from "@darkroom/contracts";
import { MAX_PUBLISHED_PER_MINUTE } from "@darkroom/db";
import { expect, test } from "vitest";
import { finish, setup } from "../testing/setup.ts";

const picture = { workflow: "picture", inputs: { prompt: "a red cube" } };

/** Follows an owner until an event of this type, and answers the types of all. `onBegun`: told that what happens from now on is among them. */
async function typesUntil(
  feed: AsyncIterable<unknown>,
  last: string,
  onBegun: () => void = () => undefined,
): Promise<string[]> {
  const types: string[] = [];
  for await (const [, data] of feed as AsyncIterable<[string, { events: readonly JobEvent[] }]>) {
    onBegun();
    types.push(...data.events.map(({ type }) => type));
    if (types.includes(last)) return types;
  }
  return types;
}

test("durable events of a service are told in order with those of jobs, and come again after a cursor", async () => {
  const api = await setup();
  const owner = await api.account();
  const caller = api.as(owner);
  const feed = await caller.job.onFeed();
  const begun = Promise.withResolvers<void>();
  const told = typesUntil(feed, "x.shop.paid", begun.resolve);
  await begun.promise;
  await caller.event.publish({ type: "x.shop.opened" });
  const { jobId } = await caller.job.submit(picture);
  await finish(api, jobId ?? "");
  await caller.event.publish({ type: "x.shop.paid", data: { orderId: "17" } });
  expect((await told).filter((type) => type !== "job.positioned")).toEqual([
    ...["x.shop.opened", "job.queued", "job.started", "job.succeeded", "x.shop.paid"],
  ]);
  const seqs = await api.database
    .sql`SELECT owner_seq::int AS seq FROM job_events WHERE owner_id = ${owner.ownerId} ORDER BY 1`;
  expect(seqs.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
});

test("an event is kept once however often it is published, and answered as it was", async () => {
  const api = await setup();
  const caller = api.as(await api.account());
  const event = { type: "x.shop.paid", eventId: newId(), data: { orderId: "17" } } as const;
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => caller.event.publish(event)));
  for (const other of others) expect(other).toEqual(first);
  const rows = await api.database.sql`SELECT 1 FROM job_events WHERE payload->>'eventId' = ${event.eventId}`;
  expect(rows).toHaveLength(1);
});

test("passing events are told to whoever watches, kept nowhere, and bound by a rate", async () => {
  const api = await setup();
  const owner = await api.account();
  const caller = api.as(owner);
  const feed = (await caller.job.onFeed()) as AsyncIterable<unknown>;
  const told = typesUntil(feed, "x.shop.viewed");
  await expect.poll(() => api.hub.stats().subscriptions).toBe(1);
  const publish = () => caller.event.publish({ type: "x.shop.viewed", durable: false });
  await publish();
  expect(await told).toEqual(["x.shop.viewed"]);
  expect(await api.database.sql`SELECT 1 FROM job_events WHERE owner_id = ${owner.ownerId}`).toEqual([]);
  for (let sent = 1; sent < 5; sent += 1) await publish();
  await expect(publish()).rejects.toMatchObject({ cause: { code: "RATE_LIMITED" } });
});

test("a feed takes so many durable events of services a minute, whoever publishes", async () => {
  const api = await setup();
  const owner = await api.account();
  const publish = () => api.as(owner).event.publish({ type: "x.a" });
  const answers = await Promise.allSettled(Array.from({ length: MAX_PUBLISHED_PER_MINUTE + 5 }, publish));
  const refused = answers.filter((answer) => answer.status === "rejected");
  expect(refused).toHaveLength(5);
  expect(refused[0]?.reason).toMatchObject({ cause: { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) } });
});

test("others' feeds are for operators, and names and sizes are checked", async () => {
  const api = await setup();
  const [owner, other, operator] = [await api.account(), await api.account(), await api.account("operator")];
  const toOther = { type: "x.note", ownerId: other.ownerId } as const;
  await expect(api.as(owner).event.publish(toOther)).rejects.toMatchObject({
    cause: { code: "FORBIDDEN", fields: [{ path: "ownerId" }] },
  });
  expect(await api.as(operator).event.publish(toOther)).toMatchObject({ type: "x.note", durable: true });
  await expect(api.as(operator).event.publish({ ...toOther, ownerId: newId() })).rejects.toMatchObject({
    cause: { code: "NOT_FOUND" },
  });
  for (const type of ["job.queued", "x.", "x.A", "x.a.b.c.d.e", "x.a b"] as `x.${string}`[]) {
    await expect(api.as(owner).event.publish({ type })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  }
  const data = { text: "x".repeat(4096) };
  await expect(api.as(owner).event.publish({ type: "x.a", data })).rejects.toThrow(/at most 4096 characters/);
});
