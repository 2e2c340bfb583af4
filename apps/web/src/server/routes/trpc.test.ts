import { type Database, revokeApiKey, seedWorkflows, setRole, submitJobs } from "@darkroom/db";
import { newJob } from "@darkroom/db/testing";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type Gateway, keyHolder } from "../testing/gateway.ts";
import { picture } from "../testing/running-job.ts";
import { setup } from "../testing/setup.ts";

let database: Database;
let gateway: Gateway;
let close: () => Promise<void>;

beforeAll(async () => {
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  ({ database, gateway, close } = await setup(urls, { SOCKETS_PER_OWNER: "3" }));
  await seedWorkflows(database, [picture]);
}, 90_000);
afterAll(() => close?.());

const streams: AbortController[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.abort();
});

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Many calls of one procedure in one request. */
const batch = (path: string, count: number, input: object, headers: Record<string, string>) => {
  const inputs = Object.fromEntries(Array.from({ length: count }, (_, index) => [index, input]));
  const query = `batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
  return fetch(`${gateway.url}/api/trpc/${Array(count).fill(path).join(",")}?${query}`, { headers });
};

/** Opens the feed as server-sent events. */
async function openStream(key: string, path = "job.onFeed"): Promise<Response> {
  const controller = new AbortController();
  streams.push(controller);
  return fetch(`${gateway.url}/api/trpc/${path}`, {
    headers: { ...bearer(key), accept: "text/event-stream" },
    signal: controller.signal,
  });
}

/** Everything that comes until the stream ends. */
async function readToEnd(response: Response): Promise<string> {
  let text = "";
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
  } catch {
    // Cut off.
  }
  return text;
}

test("a batch of 20 calls is answered, one of 21 refused before any of it runs", async () => {
  const { key } = await keyHolder(database);
  const good = await batch("system.ping", 20, {}, bearer(key));
  expect([good.status, await good.json()]).toMatchObject([200, { length: 20 }]);
  const bad = await batch("system.ping", 21, {}, bearer(key));
  expect(bad.status).toBe(400);
  expect(JSON.stringify(await bad.json())).toMatch(/A batch has at most 20 calls.*INPUT_INVALID/);
});

test("a query that is too long for an address may be sent as POST: a search for a whole prompt", async () => {
  const { key, ownerId } = await keyHolder(database);
  const prompt = `${"붉은 정육면체,\n".repeat(400)} the end`;
  const jobs = [await newJob(database, picture, { prompt }), await newJob(database, picture, { prompt: "a red cube" })];
  await submitJobs(database, { ownerId, ownerKind: "account", addressKey: null, limits: null, jobs });
  const answer = await fetch(`${gateway.url}/api/trpc/job.list`, {
    method: "POST",
    headers: { ...bearer(key), "content-type": "application/json" },
    body: JSON.stringify({ search: prompt.normalize("NFD").replaceAll("\n", " ") }),
  });
  expect(await answer.json()).toMatchObject({ result: { data: { items: [{ inputs: { prompt } }] } } });
});

test("the answers of a batch have at most 4 MB together; calls beyond are refused with what to do", async () => {
  const { key, ownerId } = await keyHolder(database);
  const jobs = [];
  for (let count = 0; count < 100; count += 1) jobs.push(await newJob(database, picture, { prompt: "x".repeat(4000) }));
  await submitJobs(database, { ownerId, ownerKind: "account", addressKey: null, limits: null, jobs });
  const response = await batch("job.list", 20, { limit: 100 }, bearer(key));
  const text = await response.text();
  expect(text.length).toBeLessThan(4_100_000);
  const answers = JSON.parse(text) as { result?: object; error?: { message: string; data: { code: string } } }[];
  const refused = answers.flatMap(({ error }) => (error === undefined ? [] : [error]));
  expect(answers.length - refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(10);
  for (const { data, message } of refused)
    expect([data.code, message]).toEqual(["INPUT_INVALID", expect.stringContaining("Ask for fewer")]);
});

test("event streams count as sockets do: beyond the limit they are refused with Retry-After, and one that ends makes room", async () => {
  const { key } = await keyHolder(database);
  for (let count = 0; count < 3; count += 1) expect((await openStream(key)).status).toBe(200);
  const refused = await openStream(key);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
  streams[0]?.abort();
  await expect.poll(async () => (await openStream(key)).status).toBe(200);
});

test("a key that is revoked ends its event streams within five seconds", async () => {
  const { key, ownerId, apiKeyId } = await keyHolder(database);
  const stream = await openStream(key);
  const read = readToEnd(stream);
  const startedAt = performance.now();
  await revokeApiKey(database, { apiKeyId, ownerIds: [ownerId] });
  expect(await read).toContain("event: connected");
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect((await openStream(key)).status).toBe(401);
});

test("a path may have letters written with %, also that of an event stream, which counts as any other", async () => {
  const { key } = await keyHolder(database);
  for (let count = 0; count < 3; count += 1) expect((await openStream(key, "job%2EonFeed")).status).toBe(200);
  expect((await openStream(key)).status).toBe(429);
});

test("operators see event streams beside sockets", async () => {
  const { key, ownerId } = await keyHolder(database);
  await setRole(database, { ownerId, role: "admin" });
  await openStream(key);
  const status = await fetch(`${gateway.url}/api/ws/status`, { headers: bearer(key) });
  const { connections } = (await status.json()) as { connections: { connectionDetails: object[] } };
  expect(connections.connectionDetails).toContainEqual(expect.objectContaining({ ownerId, transport: "sse" }));
  const metrics = await (await fetch(`${gateway.url}/metrics`, { headers: bearer(key) })).text();
  expect(metrics).toMatch(/^darkroom_event_streams\{instance_id=".+"\} [1-9]/m);
});

test("generate answers its status and the job's id at once, and then the job, whatever its end", async () => {
  const { key } = await keyHolder(database);
  const response = await fetch(`${gateway.url}/api/generate`, {
    method: "POST",
    headers: { ...bearer(key), "content-type": "application/json" },
    body: JSON.stringify({ workflow: "picture", inputs: {} }),
  });
  expect(response.status).toBe(200);
  const jobId = response.headers.get("x-job-id") ?? "";
  const canceled = await fetch(`${gateway.url}/api/trpc/job.cancel`, {
    method: "POST",
    headers: { ...bearer(key), "content-type": "application/json" },
    body: JSON.stringify({ jobId }),
  });
  expect(canceled.status).toBe(200);
  expect(await response.json()).toMatchObject({ jobId, state: "canceled" });
});

test("more calls at once than a caller may have in flight wait for one another", async () => {
  const { key } = await keyHolder(database);
  const answers = await Promise.all(Array.from({ length: 3 }, () => batch("job.list", 20, {}, bearer(key))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test("a body of more than 1 MiB is refused in words", async () => {
  const { key } = await keyHolder(database);
  const body = JSON.stringify({ graph: "x".repeat(1024 * 1024) });
  const headers = { ...bearer(key), "content-type": "application/json" };
  const answer = await fetch(`${gateway.url}/api/trpc/job.submit`, { method: "POST", headers, body });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({
    error: { message: expect.stringContaining("at most 1024 KiB"), data: { code: "UPLOAD_TOO_LARGE" } },
  });
});

test("a call without input may come without a body, and one with an input may not", async () => {
  const { key } = await keyHolder(database);
  const headers = { ...bearer(key), "content-type": "application/json" };
  const statusOf = async (path: string) =>
    (await fetch(`${gateway.url}/api/trpc/${path}`, { method: "POST", headers })).status;
  expect(await statusOf("session.me")).toBe(200);
  expect(await statusOf("job.submit")).toBe(400);
});

test("one call by itself is answered to the byte as tRPC would", async () => {
  const { key } = await keyHolder(database);
  const answered = async (address: string, body: string, more: Record<string, string> = {}) => {
    const headers = { "content-type": "application/json", "x-request-id": "the-same", ...bearer(key), ...more };
    const answer = await fetch(`${gateway.url}/api/trpc/${address}`, { method: "POST", headers, body });
    const kept = [...answer.headers].filter(([name]) => name !== "date" && name !== "content-security-policy");
    return { status: answer.status, headers: kept, body: await answer.text() };
  };
  const asked: readonly [path: string, body: string, more?: Record<string, string>][] = [
    ["session.me", ""],
    ["session.me", "null"],
    ["session%2Eme", ""],
    ["no.su%63h", ""],
    ["workflow.list", "{}"],
    ["job.byId", JSON.stringify({ jobId: "0199c0de-0000-7000-8000-000000000000" })],
    ["job.byId", JSON.stringify({ jobId: 5, more: true })],
    ["job.submit", JSON.stringify({ workflow: "no-such", inputs: {} })],
    ["job.submit", "{"],
    ["job.submit", ""],
    ["job.submit", JSON.stringify({ workflow: "a\\0b", inputs: {} })],
    ["backend.drain", JSON.stringify({ backendId: "x", draining: true })],
    ["session.me", "", { authorization: "Bearer no" }],
  ];
  for (const [path, body, more] of asked) {
    // A call with anything in its address is left to tRPC.
    const byTrpc = await answered(`${path}?by=trpc`, body, more);
    expect(await answered(path, body, more), path).toEqual(byTrpc);
    expect(byTrpc.body, path).toMatch(/^\{"(result|error)":/);
  }
});
