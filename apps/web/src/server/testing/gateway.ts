import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { generateApiKey } from "@darkroom/auth";
import { type ApiKeyScope, newId } from "@darkroom/contracts";
import { type Database, ensureOwner, insertApiKey } from "@darkroom/db";
import { freePort } from "@darkroom/fault-proxy";
import { WebSocket } from "ws";

// The gateway as a process of its own, for tests and proofs: what it promises, it promises over real sockets.

/** Tests bundle our programs once for all their processes, because a bundle starts in half the time. */
const program =
  process.env.DARKROOM_PROGRAMS === undefined
    ? join(import.meta.dirname, "../main.ts")
    : join(process.env.DARKROOM_PROGRAMS, "web.mjs");

export interface Gateway {
  /** `http://127.0.0.1:PORT`; the port stays the same over restarts. */
  readonly url: string;
  readonly port: number;
  pid(): number;
  /** Starts it (again); resolves when `/api/ready` answers 200. */
  start(): Promise<void>;
  /** Resolves with the exit code, or the signal's name, once the process is gone. */
  end(signal: NodeJS.Signals): Promise<number | string>;
  /** What the process wrote so far. */
  log(): Promise<string>;
  /** Resident memory in bytes, now and at its highest. */
  rss(): Promise<number>;
  peakRss(): Promise<number>;
  isAlive(): boolean;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/** A gateway on a free port of 127.0.0.1, not started yet. It has no pages. */
export async function createGateway(options: {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of another build than ours. */
  readonly program?: string;
  /** Where its log goes, if a test needs to say so. */
  readonly logTo?: string;
}): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-gateway-"));
  const logFile = options.logTo ?? join(folder, "web.log");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  let ended: Promise<number | string> = Promise.resolve("not started");

  async function start(): Promise<void> {
    const log = createWriteStream(logFile, { flags: "a" });
    await once(log, "open");
    const started = spawn(process.execPath, [options.program ?? program], {
      // The channel's end tells it that we are gone, so that a test that crashes leaves nothing behind.
      stdio: ["ignore", log, log, "ipc"],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        WEB_ROLE: "gateway",
        PORT: String(port),
        DATABASE_URL: options.databaseUrl,
        REDIS_URL: options.redisUrl,
        DATA_DIR: folder,
        // Gateways of one database are one product. Those of other tests share its Redis, and address keys are made with this.
        AUTH_SECRET: `a secret of tests for ${options.databaseUrl}`,
        LOG_LEVEL: "warn",
        ...options.env,
      },
    });
    started.channel?.unref();
    log.end();
    child = started;
    ended = once(started, "exit").then(([code, signal]) => signal ?? code);
    let how: number | string | null = null;
    void ended.then((reason) => {
      how = reason;
    });
    while (!(await isReady(url))) {
      if (how !== null) throw new Error(`the gateway ended (${how}): ${await readFile(logFile, "utf8")}`);
      await sleep(20);
    }
  }
  const pid = () => {
    if (child?.pid === undefined) throw new Error("the gateway was not started");
    return child.pid;
  };
  const isAlive = () => child !== null && child.exitCode === null && child.signalCode === null;
  const end = (signal: NodeJS.Signals) => {
    if (isAlive()) child?.kill(signal);
    return ended;
  };
  const memory = async (name: "VmRSS" | "VmHWM") => {
    const status = await readFile(`/proc/${pid()}/status`, "utf8");
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  };
  return {
    url,
    port,
    pid,
    start,
    end,
    isAlive,
    log: () => readFile(logFile, "utf8"),
    rss: () => memory("VmRSS"),
    peakRss: () => memory("VmHWM"),
    async close() {
      await end("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/ready`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** A member with an API key. */
export async function keyHolder(
  database: Database,
  scopes: readonly ApiKeyScope[] = ["read", "submit"],
): Promise<{ readonly ownerId: string; readonly apiKeyId: string; readonly key: string }> {
  const [ownerId, apiKeyId] = [newId(), newId()];
  await ensureOwner(database, { ownerId, kind: "account", accountId: newId() });
  const { key, prefix, hash } = generateApiKey();
  await insertApiKey(database, { apiKeyId, ownerId, name: "test", prefix, hash, scopes });
  return { ownerId, apiKeyId, key };
}

/** A new visitor's cookie. */
export async function guestOf(url: string): Promise<{ readonly ownerId: string; readonly cookie: string }> {
  const response = await fetch(`${url}/api/trpc/session.me`);
  const { result } = (await response.json()) as { result: { data: { ownerId: string } } };
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return { ownerId: result.data.ownerId, cookie };
}

/** A socket that speaks tRPC by hand, so that it can also misbehave. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** Everything that arrived so far, parsed; `PING` and `PONG` as they are. */
  readonly messages: unknown[];
  send(message: object | string): void;
  /** Resolves with the first message, past or future, that matches. */
  until<Message>(matches: (message: Message) => boolean): Promise<Message>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Opens a socket at the gateway; rejects, with the status in the message, if it is refused. */
export async function openSocket(url: string, headers: Record<string, string>, path = "/ws"): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, { headers, perMessageDeflate: false });
  const messages: unknown[] = [];
  const listeners = new Set<(message: unknown) => void>();
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  socket.on("message", (data) => {
    const text = String(data);
    if (text === "PING") socket.send("PONG");
    const message: unknown = text === "PING" || text === "PONG" ? text : JSON.parse(text);
    messages.push(message);
    for (const listener of listeners) listener(message);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("unexpected-response", (_, response) => {
      reject(new Error(`refused with ${response.statusCode}`));
      response.resume();
    });
    socket.once("error", reject);
  });
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    until: <Message>(matches: (message: Message) => boolean) =>
      new Promise<Message>((resolve, reject) => {
        const look = (message: unknown) => {
          if (!matches(message as Message)) return;
          listeners.delete(look);
          resolve(message as Message);
        };
        listeners.add(look);
        void closed.then((code) => reject(new Error(`closed with ${code}`)));
        for (const message of messages) look(message);
      }),
    close: () => socket.terminate(),
  };
}
