import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "@darkroom/contracts";
import { seedWorkflows } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { createKeys, createPublisher, createRedis, whenReady } from "@darkroom/queue";
import { progressedEvent } from "@darkroom/queue/testing";
import { WebSocket } from "ws";
import { createGateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { picture, runningJob } from "../../apps/web/src/server/testing/running-job.ts";
import { percentile } from "../../scripts/bench/percentile.ts";
import { rawWs } from "../fan-out/contenders.ts";
import type { Contender, Contest } from "./contest.ts";
import type { Row } from "./row.ts";

/** Longer than a job's progress is ever held back. */
const QUIET_MS = 150;

/** A job's first progress after a quiet moment: from its publication until a socket of its owner has it, beside bare `ws`. */
export const progress: Row = async (servers, _peers, scale) => {
  const lines = { ours: await openOurs(servers), "a floor written by hand": await openBare(servers) };
  const count = Math.max(3, 40 * scale);
  const contest = (share: number): Contest => ({
    name: `the first progress after a quiet moment, p${100 * share}`,
    unit: "ms",
    contenders: Object.entries(lines).map(
      ([name, line]): Contender => ({ name, play: async () => percentile(await delays(line, count), share) }),
    ),
  });
  return {
    contests: [contest(0.5), contest(0.95)],
    close: async () => {
      for (const line of Object.values(lines)) await line.close();
    },
  };
};

/** A socket, and the way to it. */
interface Line {
  readonly socket: WebSocket;
  /** Has a message sent that has this number in it. */
  publish(number: number): void;
  close(): Promise<void>;
}

let published = 0;

/** How long each message took to its socket, in milliseconds. */
async function delays({ socket, publish }: Line, count: number): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < count) {
    await sleep(QUIET_MS);
    published += 1;
    const arrived = messageWith(socket, `number ${published}.`);
    const startedAt = performance.now();
    publish(published);
    await arrived;
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

/** Resolves with the next message that has the text in it. */
function messageWith(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = setTimeout(() => reject(new Error(`no message with ${text}`)), 20_000);
    const onMessage = (data: Buffer): void => {
      if (!data.includes(text)) return;
      clearTimeout(lost);
      socket.off("message", onMessage);
      resolve();
    };
    socket.on("message", onMessage);
  });
}

async function openOurs({ postgresUrl, redisUrl }: Parameters<Row>[0]): Promise<Line> {
  const { database, url, drop } = await createTestDatabase(postgresUrl);
  const gateway = await createGateway({ databaseUrl: url, redisUrl });
  await gateway.start();
  await seedWorkflows(database, [picture]);
  const { key, ownerId } = await keyHolder(database);
  const redis = createRedis(redisUrl, { role: "commands", onError: (error) => console.error(error) });
  await whenReady(redis);
  const publisher = createPublisher(redis, createKeys());
  const jobId = await runningJob({ database, publisher }, ownerId);
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, { headers: { authorization: `Bearer ${key}` } });
  socket.on("message", (data) => String(data) === "PING" && socket.send("PONG"));
  socket.once("open", () => socket.send('{"id":1,"method":"subscription","params":{"path":"job.onFeed"}}'));
  await messageWith(socket, '"jobs":');
  return {
    socket,
    publish: (number) =>
      void publisher.publishTransient({ ownerId, event: progressedEvent({ jobId, message: `number ${number}.` }) }),
    async close() {
      socket.terminate();
      await gateway.close();
      redis.disconnect();
      await drop();
    },
  };
}

/** Sends on what Redis tells it, as it is. */
async function openBare(servers: Parameters<Row>[0]): Promise<Line> {
  const server = await rawWs(servers, "");
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/?feed=0`);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const event = { type: "job.started", jobId: newId(), version: 1, attempt: 1, at: new Date().toISOString() } as const;
  return {
    socket,
    publish: (number) => server.publish(0, number, { ...event, backend: `number ${number}.` }),
    async close() {
      socket.terminate();
      await server.close();
    },
  };
}
