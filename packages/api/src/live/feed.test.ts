import type { Principal } from "@darkroom/contracts";
import { encodeCursor } from "@darkroom/queue";
import { expect, test } from "vitest";
import type { TestApi } from "../testing/caller.ts";
import { FeedReader, finish, idOf, idsOf, setup } from "../testing/setup.ts";

const picture = { workflow: "picture", inputs: { prompt: "a red cube" } };

/** A subscription to the principal's feed, and how to end it. */
async function follow(api: TestApi, who: Principal, lastEventId?: string) {
  const stop = new AbortController();
  const feed = await api.as(who, { signal: stop.signal }).job.onFeed(lastEventId === undefined ? {} : { lastEventId });
  return { reader: new FeedReader(feed), stop: () => stop.abort() };
}

test("the first value is the open jobs, then every event follows in order", async () => {
  const api = await setup();
  const guest = api.guest();
  const ended = idOf(await api.as(guest).job.submit(picture));
  await finish(api, ended);
  const jobId = idOf(await api.as(guest).job.submit(picture));
  const { reader, stop } = await follow(api, guest);

  const first = await reader.next();
  expect(first.data.events).toEqual([]);
  expect(first.data.reset).toBeUndefined();
  expect(idsOf(first.data.jobs)).toEqual([jobId]);
  expect(first.data.jobs?.[0]).toMatchObject({ state: "queued", position: 0 });

  await finish(api, jobId);
  const { types, values } = await reader.until("job.succeeded");
  expect(types).toEqual(["job.started", "job.succeeded"]);
  expect(values.every(({ cursor, data }) => cursor !== "" && data.jobs === undefined)).toBe(true);
  stop();
  expect(await reader.isDone()).toBe(true);
});

test("a visitor who never wrote can follow, and sees the first job arrive", async () => {
  const api = await setup();
  const guest = api.guest();
  const { reader, stop } = await follow(api, guest);
  expect((await reader.next()).data).toEqual({ events: [], jobs: [] });
  const jobId = idOf(await api.as(guest).job.submit(picture));
  const { values } = await reader.until("job.queued");
  expect(values.at(-1)?.data.events).toMatchObject([{ type: "job.queued", jobId }]);
  stop();
});

test("a valid cursor brings exactly what was missed, and no snapshot", async () => {
  const api = await setup();
  const guest = api.guest();
  const jobId = idOf(await api.as(guest).job.submit(picture));
  const before = await follow(api, guest);
  const { cursor } = await before.reader.next();
  before.stop();
  await finish(api, jobId);

  const after = await follow(api, guest, cursor);
  const { types, values } = await after.reader.until("job.succeeded");
  expect(types).toEqual(["job.started", "job.succeeded"]);
  expect(values.some(({ data }) => data.jobs !== undefined || data.reset !== undefined)).toBe(false);
  after.stop();
});

test.each<[string, (guest: Principal) => string]>([
  ["garbage", () => "not-a-cursor"],
  ["another owner's", () => encodeCursor({ "0190a000-0000-7000-8000-000000000000": 0 })],
  ["ahead of the feed", ({ ownerId }) => encodeCursor({ [ownerId]: 99 })],
  ["without a linked owner", () => encodeCursor({})],
])("a cursor that is %s resets to the open jobs", async (_, cursorOf) => {
  const api = await setup();
  const guest = api.guest();
  const jobId = idOf(await api.as(guest).job.submit(picture));
  const { reader, stop } = await follow(api, guest, cursorOf(guest));
  const { data, cursor } = await reader.next();
  expect(data).toMatchObject({ events: [], reset: true });
  expect(idsOf(data.jobs)).toEqual([jobId]);
  expect(cursor).toBe(encodeCursor({ [guest.ownerId]: 1 }));
  stop();
});

test("a cursor older than what is kept resets to the open jobs", async () => {
  const api = await setup();
  const guest = api.guest();
  await finish(api, idOf(await api.as(guest).job.submit(picture)));
  await api.database.sql`delete from job_events where owner_seq = 1`;
  const { reader, stop } = await follow(api, guest, encodeCursor({ [guest.ownerId]: 0 }));
  expect((await reader.next()).data).toEqual({ events: [], jobs: [], reset: true });
  stop();
});

test("one job's subscription carries that job only, for operators too", async () => {
  const api = await setup();
  const guest = api.guest();
  const jobId = idOf(await api.as(guest).job.submit(picture));
  const other = idOf(await api.as(guest).job.submit(picture));
  for (const who of [guest, await api.account("operator")]) {
    const stop = new AbortController();
    const feed = await api.as(who, { signal: stop.signal }).job.onEvent({ jobId });
    const reader = new FeedReader(feed);
    expect(idsOf((await reader.next()).data.jobs)).toEqual([jobId]);
    if (who === guest) {
      await finish(api, other);
      await finish(api, jobId);
      const { values } = await reader.until("job.succeeded");
      const seen = values.flatMap(({ data }) => data.events).map((event) => "jobId" in event && event.jobId);
      expect(new Set(seen)).toEqual(new Set([jobId]));
    }
    stop.abort();
    expect(await reader.isDone()).toBe(true);
  }
});

test("an aborted subscription leaves nothing behind in the hub", async () => {
  const api = await setup();
  const { reader, stop } = await follow(api, api.guest());
  await reader.next();
  const waiting = reader.isDone();
  stop();
  expect(await waiting).toBe(true);
  expect(api.hub.stats()).toMatchObject({ owners: 0, subscriptions: 0 });
});
