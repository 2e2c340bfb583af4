import type { DurableEvent } from "@darkroom/contracts";
import { describe, expect, inject, test } from "vitest";
import { durable, progressed } from "../testing/events.ts";
import { setupHub } from "../testing/setup.ts";
import type { Delivery } from "./delivery.ts";

/** What a reader of one owner must see, whatever happened to the messages. */
function audit(deliveries: readonly Delivery[], ownerId: string, from: number, expected: readonly DurableEvent[]) {
  const seen: DurableEvent[] = [];
  const versions = new Map<string, number>();
  const ended = new Set<string>();
  let cursor = from;
  for (const delivery of deliveries) {
    for (const event of delivery.events) {
      if (!("jobId" in event)) continue;
      if (event.type === "job.progressed") {
        expect(ended.has(event.jobId), `progress after the end of ${event.jobId}`).toBe(false);
        expect(event.version).toBe(versions.get(event.jobId) ?? event.version);
        continue;
      }
      seen.push(event as DurableEvent);
      versions.set(event.jobId, event.version);
      if (event.type === "job.succeeded") ended.add(event.jobId);
    }
    expect(delivery.cursor[ownerId]).toBeGreaterThanOrEqual(cursor);
    cursor = delivery.cursor[ownerId] ?? 0;
  }
  expect(seen).toEqual(expected);
}

describe("hub", () => {
  test("every reader gets every durable event once and in order, though messages are lost, repeated and reordered", async () => {
    const seed = Number(process.hrtime.bigint() % 1_000_000_007n);
    console.info(`chaos seed ${seed}`);
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
      return state % below;
    };
    const { feeds, hub, publisher, subscriber, killSubscriber, close } = await setupHub(inject("redisUrl"), {
      checkIntervalMs: 100,
      coalesceMs: 1,
    });
    const owners = ["A", "B", "C"];
    const committed = new Map(owners.map((owner) => [owner, [] as DurableEvent[]]));
    const readers: Promise<void>[] = [];
    const JOBS = 80;

    /** Reads one owner to its last event: slowly or not, over several attachments that resume by cursor. */
    const read = async (owner: string, from: number, limit: number) => {
      const all: Delivery[] = [];
      let cursor = { [owner]: from };
      while ((cursor[owner] ?? 0) < JOBS * 3) {
        const reader = hub.attach({ ownerIds: [owner], cursor, bufferLimit: limit });
        for (let turn = 0; turn < 5 && (cursor[owner] ?? 0) < JOBS * 3; turn += 1) {
          const { value } = await reader.next();
          if (value === undefined) throw new Error("the subscription ended");
          all.push(value);
          cursor = { [owner]: value.cursor[owner] ?? 0 };
        }
        await reader.return?.();
      }
      audit(all, owner, from, committed.get(owner)?.slice(from) ?? []);
    };

    for (const owner of owners) readers.push(read(owner, 0, 5), read(owner, 0, 256));
    for (let job = 0; job < JOBS; job += 1) {
      for (const owner of owners) {
        const jobId = `${owner}${job}`;
        const events = [durable.queued(jobId), durable.started(jobId), durable.succeeded(jobId)];
        const owned = events.map((event) => feeds.commit(owner, event));
        committed.get(owner)?.push(...events);
        const fate = random(5);
        if (fate === 0) continue;
        const messages = fate === 1 ? owned.toReversed() : fate === 2 ? [...owned, ...owned] : owned;
        await Promise.all([
          publisher.publishTransient({ ownerId: owner, event: progressed(jobId, 2, 1, 10) }),
          publisher.publish(messages.filter(() => random(8) > 0)),
          publisher.publishTransient({ ownerId: owner, event: progressed(jobId, 2, 1, 20) }),
        ]);
      }
      const at = job * 3;
      if (job % 20 === 10) for (const owner of owners) readers.push(read(owner, random(at), 1 + random(20)));
      if (job % 30 === 15 && subscriber.isReady() && subscriber.stats().channels > 0) await killSubscriber();
    }
    await Promise.all(readers);
    expect(hub.stats()).toMatchObject({ owners: 0, subscriptions: 0 });
    await close();
  });
});
