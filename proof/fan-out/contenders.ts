import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DurableEvent } from "@darkroom/contracts";
import { createTestDatabase } from "@darkroom/db/testing";
import { freePort } from "@darkroom/fault-proxy";
import { createKeys, createPublisher, createRedis, encodeCursor, type Redis, whenReady } from "@darkroom/queue";
import { createGateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import type { Dialect } from "./crowd.ts";

/** A server under measurement, as a process of its own. */
export interface Server {
  readonly name: string;
  readonly port: number;
  readonly dialect: Dialect;
  /** Hands an event to Redis, for the sockets of one feed. */
  publish(feed: number, seq: number, event: DurableEvent): void;
  /** Processor time so far, in seconds. */
  cpuSeconds(): Promise<number>;
  /** Bytes in use after a collection. */
  heap(): Promise<number>;
  close(): Promise<void>;
}

export interface Urls {
  readonly postgresUrl: string;
  readonly redisUrl: string;
}

/** What a feed's client is sent: the same for everyone. */
const payload = (seq: number, event: DurableEvent) => ({ id: encodeCursor({ feed: seq }), data: { events: [event] } });

export async function ours({ postgresUrl, redisUrl }: Urls, feeds: number): Promise<Server> {
  const { database, url, drop } = await createTestDatabase(postgresUrl);
  const watch = await createProbe();
  const gateway = await createGateway({
    databaseUrl: url,
    redisUrl,
    env: { SOCKETS_PER_OWNER: "10000", SOCKETS_PER_ADDRESS: "10000", ...watch.env("gateway") },
  });
  await gateway.start();
  const keys = await Promise.all(Array.from({ length: feeds }, () => keyHolder(database)));
  const redis = await redisOf(redisUrl);
  const publisher = createPublisher(redis, createKeys());
  return {
    name: "ours",
    port: gateway.port,
    dialect: {
      path: "/ws",
      headers: (feed) => ({ authorization: `Bearer ${keys[feed]?.key}` }),
      answer: (message) => {
        if (message === null) return '{"id":1,"method":"subscription","params":{"path":"job.onFeed"}}';
        return message === "PING" ? "PONG" : undefined;
      },
      isReady: (message) => message.includes('"jobs":'),
    },
    publish: (feed, ownerSeq, event) =>
      void publisher.publish([{ ownerId: keys[feed]?.ownerId ?? "", ownerSeq, event }]),
    ...watch.measuresOf(gateway.pid()),
    async close() {
      if (process.env.PROFILE_DIR !== undefined) await gateway.end("SIGTERM");
      await gateway.close();
      redis.disconnect();
      await drop();
      await watch.remove();
    },
  };
}

export async function socketIo({ redisUrl }: Urls, folder: string): Promise<Server> {
  const load = createRequire(join(folder, "package.json"));
  const { Emitter } = load("@socket.io/redis-emitter");
  const redis = await redisOf(redisUrl);
  const emitter = new Emitter(redis);
  return peer("socket.io", redisUrl, folder, {
    redis,
    publish: (feed, seq, event) => void emitter.to(String(feed)).emit("feed", payload(seq, event)),
    dialect: {
      path: "/socket.io/?EIO=4&transport=websocket&feed=FEED",
      headers: () => ({}),
      answer: (message) => (message?.startsWith("0") ? "40" : message === "2" ? "3" : undefined),
      isReady: (message) => message.startsWith("40"),
    },
  });
}

export async function rawWs({ redisUrl }: Urls, folder: string): Promise<Server> {
  const redis = await redisOf(redisUrl);
  return peer("ws", redisUrl, folder, {
    redis,
    publish: (feed, seq, event) => void redis.publish("floor", `${feed} ${JSON.stringify(payload(seq, event))}`),
    dialect: { path: "/?feed=FEED", headers: () => ({}), answer: () => undefined, isReady: () => true },
  });
}

async function peer(
  name: string,
  redisUrl: string,
  folder: string,
  { redis, ...rest }: Pick<Server, "dialect" | "publish"> & { readonly redis: Redis },
): Promise<Server> {
  const watch = await createProbe();
  const port = await freePort();
  const env = { PATH: process.env.PATH, NODE_ENV: "production", ...watch.env(name) };
  const child = fork(join(import.meta.dirname, "peer-server.ts"), [name, String(port), redisUrl, folder], { env });
  await once(child, "message");
  return {
    name: name === "ws" ? "raw ws" : "Socket.IO",
    port,
    ...rest,
    ...watch.measuresOf(child.pid ?? 0),
    async close() {
      child.kill("SIGTERM");
      await once(child, "exit");
      redis.disconnect();
      await watch.remove();
    },
  };
}

async function redisOf(url: string): Promise<Redis> {
  const redis = createRedis(url, { role: "commands", onError: (error) => console.error(error) });
  await whenReady(redis);
  return redis;
}

/** How a process is looked into from outside. With PROFILE_DIR in the environment it writes a profile when it ends. */
async function createProbe() {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-fan-out-"));
  const file = join(folder, "heap");
  const read = () => readFile(file, "utf8").catch(() => "");
  return {
    env: (name: string) => {
      const profile = process.env.PROFILE_DIR;
      const profiled =
        profile === undefined ? "" : ` --cpu-prof --cpu-prof-dir=${profile} --cpu-prof-name=${name}.cpuprofile`;
      return {
        HEAP_FILE: file,
        NODE_OPTIONS: `--expose-gc --import=${join(import.meta.dirname, "heap-probe.mjs")}${profiled}`,
      };
    },
    measuresOf: (pid: number): Pick<Server, "cpuSeconds" | "heap"> => ({
      async cpuSeconds() {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        // In ticks of a hundredth of a second: in user mode and in the kernel, of all threads.
        return (Number(fields[11]) + Number(fields[12])) / 100;
      },
      async heap() {
        await rm(file, { force: true });
        process.kill(pid, "SIGUSR2");
        for (;;) {
          const written = await read();
          if (written !== "") return Number(written);
          await sleep(20);
        }
      },
    }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
