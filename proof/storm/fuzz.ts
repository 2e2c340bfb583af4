import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { openSocket, type RawSocket } from "../../apps/web/src/server/testing/gateway.ts";
import { createRandom, type Random } from "../chaos/random.ts";

const procedures = [
  "system.ping",
  "system.info",
  "session.me",
  "session.rename",
  "workflow.list",
  "workflow.byId",
  "job.submit",
  "job.submitBatch",
  "job.byId",
  "job.list",
  "job.cancel",
  "job.retry",
  "job.rerun",
  "job.timeline",
  "job.provenance",
  "job.drift",
  "job.onFeed",
  "job.onEvent",
  "output.byId",
  "output.list",
  "apiKey.create",
  "apiKey.revoke",
  "queue.stats",
  "user.setRole",
  "nothing.here",
  "__proto__.toString",
  "constructor",
];
const paths = [
  "/",
  "//",
  "/api/health",
  "/api/ws/status",
  "/api/ws/stats",
  "/metrics",
  "/api/generate",
  "/api/uploads",
  "/api/admin/claim",
  "/api/openapi.json",
  "/api/outputs/0190a000-0000-7000-8000-000000000000?width=64",
  "/api/jobs/0190a000-0000-7000-8000-000000000000/preview",
  "/api/auth/get-session",
  "/api/auth/sign-in/email",
  "/_next/static/x.js",
  "/%00",
  "/%E0%A4%A",
  "/..%2f..%2fetc/passwd",
  "/api/trpc/",
  "/ws",
];
const methods = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"];
const texts = [
  "",
  "x",
  "\u0000",
  "\ud800",
  "🙂".repeat(50),
  "x".repeat(5000),
  "' OR 1=1 --",
  "{{7*7}}",
  "../../etc",
  "NaN",
];
const numbers = [0, -0, -1, 1e308, 2 ** 53, 2 ** 64, 0.1, Number.MAX_SAFE_INTEGER];
const keys = [
  "jobId",
  "workflow",
  "inputs",
  "limit",
  "cursor",
  "lastEventId",
  "prompt",
  "idempotencyKey",
  "__proto__",
  "items",
];

/** Any JSON value, now and then one that almost fits. */
function anyValue(random: Random, depth = 0): unknown {
  const kind = random.below(depth > 3 ? 6 : 9);
  if (kind === 0) return null;
  if (kind === 1) return random.below(2) === 0;
  if (kind === 2) return random.pick(numbers);
  if (kind < 5) return random.pick(texts);
  if (kind === 5) return "0190a000-0000-7000-8000-000000000000";
  if (kind === 6) return Array.from({ length: random.below(5) }, () => anyValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: random.below(5) }, () => [random.pick(keys), anyValue(random, depth + 1)]),
  );
}

/** JSON, or something that is nearly JSON, or none at all. */
function anyText(random: Random, value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  const kind = random.below(6);
  if (kind === 0) return text.slice(0, random.below(text.length + 1));
  if (kind === 1) return `${text}${String.fromCharCode(random.below(256))}`;
  if (kind === 2) return "[".repeat(random.below(20_000));
  return text;
}

/** A machine that stands still for seconds gets a 503 that says when to come back; what is refused again is our doing. */
const TRIES = 3;

/** Sends `count` requests that nobody should send; answers those that were answered with a 5xx, each in a line. */
export async function fuzzHttp(
  url: string,
  count: number,
  seed: number,
  credentials: readonly Record<string, string>[],
): Promise<string[]> {
  const random = createRandom(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const findings: string[] = [];
  const one = async () => {
    const method = random.pick(methods);
    const isTrpc = random.below(2) === 0;
    const input = anyText(
      random,
      random.below(3) === 0 ? { 0: anyValue(random), 1: anyValue(random) } : anyValue(random),
    );
    const names = Array.from({ length: 1 + random.below(3) }, () => random.pick(procedures)).join(",");
    const query =
      random.below(2) === 0
        ? `?batch=1&input=${encodeURIComponent(input.toWellFormed().slice(0, 2000))}`
        : `?input=%7B`;
    const path = isTrpc ? `/api/trpc/${names}${query}` : random.pick(paths);
    const headers: Record<string, string> = {
      ...random.pick(credentials),
      "content-type": random.pick([
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "image/png",
        "",
      ]),
      ...(random.below(4) === 0 && { range: random.pick(["bytes=0-", "bytes=-1", "bytes=9-1", "x"]) }),
      ...(random.below(4) === 0 && { origin: random.pick([url, "null", "https://evil.example"]) }),
      ...(random.below(4) === 0 && {
        cookie: random.pick(["a", "darkroom_guest=x.y", "darkroom.session_token=%", "=;=;="]),
      }),
    };
    const body = method === "GET" || method === "HEAD" ? "" : input;
    let { status, answer, retryAfter } = await send(agent, url, path, method, headers, body);
    for (let tries = 1; status === 503 && retryAfter !== null && tries < TRIES; tries += 1) {
      await sleep(retryAfter * 1000);
      ({ status, answer, retryAfter } = await send(agent, url, path, method, headers, body));
    }
    if (status >= 500)
      findings.push(
        `${status} ${answer.slice(0, 300)} ${method} ${path.slice(0, 200)} ${JSON.stringify(headers)} ${body.slice(0, 200)}`,
      );
  };
  for (let sent = 0; sent < count; sent += 10)
    await Promise.all(Array.from({ length: Math.min(10, count - sent) }, one));
  agent.destroy();
  return findings;
}

/** The answer; status 0 if the connection was ended without one. */
async function send(
  agent: Agent,
  url: string,
  path: string,
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ readonly status: number; readonly answer: string; readonly retryAfter: number | null }> {
  const outgoing = request(url, { agent, path, method, headers });
  outgoing.end(body);
  try {
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    const { "retry-after": retryAfter } = response.headers;
    const status = response.statusCode ?? 0;
    return { status, answer: await text(response), retryAfter: retryAfter === undefined ? null : Number(retryAfter) };
  } catch {
    return { status: 0, answer: "", retryAfter: null };
  }
}

/** Sends `count` frames that nobody should send, over as many sockets as that takes. */
export async function fuzzSockets(
  url: string,
  count: number,
  seed: number,
  credentials: readonly Record<string, string>[],
): Promise<string[]> {
  const random = createRandom(seed);
  const findings: string[] = [];
  let socket: RawSocket | null = null;
  for (let sent = 0; sent < count; sent += 1) {
    // A burst is limited, and what is malformed ends its socket: a new one every so often.
    if (socket === null || socket.socket.readyState !== socket.socket.OPEN || sent % 80 === 0) {
      socket?.close();
      collect(socket, findings);
      socket = await openSocket(url, random.pick(credentials));
    }
    sendFrame(random, socket);
    if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const last = socket;
  if (last !== null) {
    last.send("PING");
    await Promise.race([last.until((message) => message === "PONG").catch(() => undefined), last.closed]);
    last.close();
  }
  collect(last, findings);
  return findings;
}

function sendFrame(random: Random, { socket }: RawSocket): void {
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => random.below(256)));
  const call = {
    id: random.pick([1, 2, 3, "a", null, {}, -1]),
    jsonrpc: random.pick(["2.0", "", 7]),
    method: random.pick(["query", "mutation", "subscription", "subscription.stop", "reconnect", "x", 7]),
    params: random.pick([
      null,
      { path: random.pick(procedures), input: anyValue(random), lastEventId: random.pick(["x", 7]) },
    ]),
  };
  switch (random.below(12)) {
    case 0: {
      // Below the protocol.
      const { _socket: wire } = socket as unknown as { _socket: { write(bytes: Buffer): void } };
      wire.write(bytes(1 + random.below(60)));
      break;
    }
    case 1:
      socket.send(bytes(random.below(200)));
      break;
    case 2:
      socket.ping("x");
      break;
    default:
      socket.send(anyText(random, random.below(4) === 0 ? Array.from({ length: random.below(14) }, () => call) : call));
  }
}

/** Errors that the server did not expect. What is unavailable for a moment is tried again over HTTP. */
function collect(socket: RawSocket | null, findings: string[]): void {
  for (const message of socket?.messages ?? []) {
    const { error } = (message ?? {}) as { error?: { data?: { code?: string; httpStatus?: number } } };
    const status = error?.data?.httpStatus ?? 0;
    if (status >= 500 && error?.data?.code !== "UNAVAILABLE") findings.push(JSON.stringify(message).slice(0, 500));
  }
}
