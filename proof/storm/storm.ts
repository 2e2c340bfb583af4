import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@darkroom/db";
import { createKeys, createPublisher, createRedis, whenReady } from "@darkroom/queue";
import { createGateway, guestOf, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { audit, readHeads, type Verdict } from "./audit.ts";
import { type Load, startLoad } from "./load.ts";
import { countQueries } from "./query-count.ts";
import { type Caller, type Subscriber, subscribe } from "./subscriber.ts";

/** Sockets that follow one owner, like the tabs of one person. */
const SOCKETS_PER_OWNER = 2;

export interface StormReport {
  readonly sockets: number;
  readonly owners: number;
  /** From the start of the new process until `/api/ready` answered, in ms. */
  readonly restartMs: number;
  /** From then until so many were subscribed again, in ms; 0 if they were before. */
  readonly halfMs: number;
  readonly almostAllMs: number;
  readonly allMs: number;
  /** Of the new process until it was ready, however many come back. */
  readonly startQueries: number;
  /** Since then, until all were subscribed again. */
  readonly queries: number;
  readonly verdict: Verdict;
}

/**
 * Subscribes, commits events all the while, kills the gateway with SIGKILL, starts it again on the same port, and lets an
 * auditor compare what everyone was told with Postgres. Throws if not all come back within `patienceMs`.
 */
export async function runStorm(options: {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly sockets: number;
  readonly eventsPerSecond: number;
  /** How long events are committed before the kill, and after the return. */
  readonly calmMs: number;
  readonly patienceMs: number;
  readonly say: (line: string) => void;
}): Promise<StormReport> {
  const { database, sockets, patienceMs, say } = options;
  const counted = await countQueries(options.databaseUrl);
  const gateway = await createGateway({
    databaseUrl: counted.url,
    redisUrl: options.redisUrl,
    // Everyone comes from one address here.
    env: { SOCKETS_PER_ADDRESS: "1000000" },
  });
  const redis = createRedis(options.redisUrl, { role: "commands", onError: () => undefined });
  const subscribers: Subscriber[] = [];
  let load: Load | null = null;
  try {
    await whenReady(redis);
    await gateway.start();
    const callers = await makeCallers(database, gateway.url, Math.ceil(sockets / SOCKETS_PER_OWNER));
    say(`${callers.length} owners, half with an API key and half guests`);
    for (const [index, caller] of Array.from({ length: sockets }, (_, at) => callers[at % callers.length]).entries()) {
      if (caller !== undefined) subscribers.push(subscribe(gateway.url, caller));
      if (index % 50 === 49) await sleep(50);
    }
    await all(subscribers, "have a snapshot", patienceMs, ({ firstSeq }) => firstSeq() !== null);
    say(`${sockets} sockets are subscribed`);
    const owners = callers.map((caller) => ({
      ownerId: caller.ownerId,
      kind: "key" in caller ? ("account" as const) : ("guest" as const),
    }));
    const publisher = createPublisher(redis, createKeys());
    load = await startLoad({ database, publisher }, owners, options.eventsPerSecond);
    await sleep(options.calmMs);

    await gateway.end("SIGKILL");
    const killedAt = performance.now();
    const atTheKill = counted.count();
    await gateway.start();
    const readyAt = performance.now();
    const whenReadyAgain = counted.count();
    say(`killed with SIGKILL; ready again after ${Math.round(readyAt - killedAt)} ms`);
    await all(subscribers, "are subscribed again", patienceMs, ({ subscribedAt }) => subscribedAt() > killedAt);
    const queries = counted.count() - whenReadyAgain;
    const waits = subscribers.map(({ subscribedAt }) => Math.max(0, subscribedAt() - readyAt)).sort((a, b) => a - b);
    const waitOf = (share: number) => waits[Math.ceil(share * waits.length) - 1] ?? 0;

    await sleep(options.calmMs);
    await load.stop();
    const heads = await readHeads(database);
    await all(
      subscribers,
      "have caught up",
      patienceMs,
      ({ ownerId, lastSeq }) => lastSeq() >= (heads.get(ownerId) ?? 0),
    );
    return {
      sockets,
      owners: callers.length,
      restartMs: readyAt - killedAt,
      halfMs: waitOf(0.5),
      almostAllMs: waitOf(0.99),
      allMs: waitOf(1),
      startQueries: whenReadyAgain - atTheKill,
      queries,
      verdict: await audit(database, subscribers),
    };
  } finally {
    await load?.stop();
    await gateway.close();
    await Promise.all(subscribers.map((subscriber) => subscriber.close()));
    redis.disconnect();
    await counted.close();
  }
}

async function makeCallers(database: Database, url: string, count: number): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (let from = 0; from < count; from += 20) {
    const made = Array.from({ length: Math.min(20, count - from) }, async (_, index): Promise<Caller> => {
      if (index % 2 === 0) return keyHolder(database);
      return { ...(await guestOf(url)), origin: url };
    });
    callers.push(...(await Promise.all(made)));
  }
  return callers;
}

/** Waits until it is so of each of them. Throws, with where the others are, if that takes too long or cannot be any more. */
async function all(
  subscribers: readonly Subscriber[],
  what: string,
  patienceMs: number,
  isDone: (subscriber: Subscriber) => boolean,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const others = subscribers.filter((subscriber) => !isDone(subscriber));
    if (others.length === 0) return;
    const isHopeless = others.some(({ state }) => state().startsWith("ended"));
    if (isHopeless || performance.now() > deadline) {
      const states = Map.groupBy(others, ({ state }) => state());
      const where = [...states].map(([state, those]) => `${those.length} ${state}`).join(", ");
      const done = subscribers.length - others.length;
      throw new Error(`only ${done} of ${subscribers.length} sockets ${what}; the others: ${where}`);
    }
    await sleep(25);
  }
}
