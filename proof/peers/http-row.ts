import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { seedWorkflows } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { createKeys, createQueue, createRedis, whenReady } from "@darkroom/queue";
import { createGateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { picture } from "../../apps/worker/src/testing/workflows.ts";
import { percentile } from "../../scripts/bench/percentile.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { type Contender, type Contest, perSecond } from "./contest.ts";
import type { Row } from "./row.ts";

const OWNERS = 64;
const many = "1000000";
/** Nobody is refused; everything is counted. */
const limits = { SUBMITS_PER_MINUTE: many, GENERATIONS_PER_HOUR: many, MAX_WAITING_PER_OWNER: many, MAX_WAITING: many };

/** `job.submit` over HTTP as a service calls it, beside one INSERT behind HTTP. Each server is a process of its own. */
export const http: Row = async ({ postgresUrl, redisUrl }, _peers, scale) => {
  const [made, bare] = [await createTestDatabase(postgresUrl), await createTestDatabase(postgresUrl)];
  const { database } = made;
  await seedWorkflows(database, [picture]);
  const keys = await Promise.all(Array.from({ length: OWNERS }, () => keyHolder(database)));
  // An account's first day is counted by its address too, and here all have the same one.
  await database.sql`UPDATE owners SET created_at = now() - interval '2 days'`;
  // The keys have the same names for every gateway, so this one's are in a database of their own.
  const ownRedisUrl = `${redisUrl.replace(/\/$/, "")}/1`;
  const redis = createRedis(ownRedisUrl, { role: "commands", onError: (error) => console.error(error) });
  await whenReady(redis);
  const queue = createQueue(redis, createKeys());
  await queue.rebuild([]);
  const gateway = await createGateway({ databaseUrl: made.url, redisUrl: ownRedisUrl, env: limits });
  await gateway.start();
  await bare.database.sql`CREATE TABLE floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body jsonb)`;
  const port = await freePort();
  const floor = fork(join(import.meta.dirname, "http-floor.ts"), [String(port), bare.url]);
  await once(floor, "message");
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  const ours = (index: number): Promise<void> =>
    post(agent, `${gateway.url}/api/trpc/job.submit`, {
      headers: { authorization: `Bearer ${keys[index % OWNERS]?.key}` },
      body: { workflow: picture.slug, inputs: { prompt: `a picture of ${index}`, steps: 1 } },
    });
  const byHand = (index: number): Promise<void> =>
    post(agent, `http://127.0.0.1:${port}/`, {
      headers: {},
      body: { workflow: picture.slug, inputs: { prompt: `a picture of ${index}`, steps: 1 } },
    });
  const stored = async (): Promise<number> =>
    (await database.sql<[{ count: number }]>`SELECT count(*)::int FROM jobs`)[0].count;
  /** Nothing waits: how long a queue is costs what it costs in the forecast, and is no part of this. */
  const empty = async (): Promise<void> => {
    await database.sql`UPDATE jobs SET state = 'canceled' WHERE state = 'queued'`;
    await queue.clear();
  };
  const inserted = async (): Promise<number> =>
    (await bare.database.sql<[{ count: number }]>`SELECT count(*)::int FROM floor`)[0].count;

  const contest = (unit: Contest["unit"], width: number, count: number): Contest => {
    const playing = (
      name: string,
      send: (index: number) => Promise<void>,
      found: () => Promise<number>,
    ): Contender => ({
      name,
      play: async () => {
        await empty();
        const before = await found();
        const times: number[] = [];
        const figure = await perSecond(count, width, async (index) => {
          const startedAt = performance.now();
          await send(index);
          times.push(performance.now() - startedAt);
        });
        if ((await found()) - before !== count) throw new Error("a submit is missing or twice in the database");
        return unit === "ms" ? percentile(times, 0.5) : figure;
      },
    });
    const what = unit === "ms" ? "alone, p50" : `${width} in flight`;
    return {
      name: `job.submit over HTTP, ${what}`,
      unit,
      contenders: [playing("ours", ours, stored), playing("a floor written by hand", byHand, inserted)],
    };
  };
  // Plans are made for tables with something in them, as they are a minute after a database was filled.
  await perSecond(500 * scale, 16, ours);
  await database.sql`ANALYZE`;
  return {
    contests: [contest("ms", 1, 500 * scale), contest("per second", 64, 3000 * scale)],
    close: async () => {
      agent.destroy();
      floor.disconnect();
      await once(floor, "exit");
      await gateway.close();
      await redis.flushdb();
      redis.disconnect();
      await made.drop();
      await bare.drop();
    },
  };
};

/** @throws Error unless it is answered with 200. */
function post(
  agent: Agent,
  url: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: unknown },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: "POST", agent, headers: { "content-type": "application/json", ...headers } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        answer.once("end", () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}: ${text}`)),
        );
      },
    );
    sent.once("error", reject);
    sent.end(JSON.stringify(body));
  });
}
