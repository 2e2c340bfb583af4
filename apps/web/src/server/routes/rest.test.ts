import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findOperation } from "@darkroom/api";
import { CONTRACT_VERSION, type JobView, newId } from "@darkroom/contracts";
import { claimJob, createOutput, seedWorkflows, settleJob } from "@darkroom/db";
import { createStorage } from "@darkroom/storage";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { keyHolder, openSocket } from "../testing/gateway.ts";
import { picture } from "../testing/running-job.ts";
import { setup, type TestGateway } from "../testing/setup.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let parts: TestGateway;
let folder: string;
let bearer: { authorization: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "darkroom-rest-"));
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  parts = await setup(urls, { STORAGE_URL: pathToFileURL(folder).href, SUBMITS_PER_MINUTE: "20" });
  await seedWorkflows(parts.database, [picture]);
  bearer = { authorization: `Bearer ${(await keyHolder(parts.database)).key}` };
}, 90_000);
afterAll(async () => {
  await parts?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Calls an operation; what it answers must be as its schema says. */
async function call(method: string, path: string, init: { body?: object; headers?: Record<string, string> } = {}) {
  const headers = { ...bearer, "content-type": "application/json", ...init.headers };
  const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
  const response = await fetch(`${parts.gateway.url}/api/v1${path}`, { method, headers, ...body });
  const answer = await response.json();
  const found = findOperation(method, path.replace(/\?.*/, ""));
  if (response.ok && "operation" in found) found.operation.answer.parse(answer);
  return { status: response.status, headers: response.headers, answer };
}

const submit = { workflow: "picture", inputs: { prompt: "a pier" } };

/** Runs a job as a worker would. */
async function end(jobId: string, how: "succeeded" | "failed", { withPicture = true, file = png } = {}): Promise<void> {
  const { database, publisher } = parts;
  const claimed = await claimJob(database, { jobId, workerId: "w", backendId: "b", leaseSeconds: 60 });
  if (claimed === null) throw new Error("the job was not claimed");
  const { attempt } = claimed.job;
  await publisher.publish(claimed.events);
  if (how === "succeeded" && withPicture) {
    const stored = await createStorage({ STORAGE_URL: pathToFileURL(folder).href }).put([file], {
      maxBytes: file.length,
    });
    const output = {
      outputId: newId(),
      kind: "image",
      mimeType: "image/png",
      width: 1,
      height: 1,
      seed: null,
    } as const;
    const events = await createOutput(database, { jobId, attempt, ordinal: 0, output: { ...output, ...stored } });
    await publisher.publish(events ?? []);
  }
  const failure = { code: "NODE_FAILED", message: "A node failed.", retryable: false } as const;
  const outcome = how === "succeeded" ? ({ type: how } as const) : ({ type: how, failure } as const);
  const settled = await settleJob(database, { jobId, attempt, outcome });
  await publisher.publish(settled?.events ?? []);
}

/** The id of the job that waits under this prompt. */
async function waiting(prompt: string, headers = bearer): Promise<string> {
  let jobId: string | undefined;
  await expect
    .poll(async () => {
      const { items } = (await call("GET", `/jobs?state=queued&search=${prompt}`, { headers })).answer as {
        items: JobView[];
      };
      jobId = items[0]?.jobId;
      return jobId;
    })
    .toBeDefined();
  return jobId ?? "";
}

test("a job's life by verbs and paths, each answer as the document says", async () => {
  const key = { "idempotency-key": '"a-key"' };
  const first = await call("POST", "/jobs", { body: submit, headers: key });
  const { jobId } = first.answer as { jobId: string };
  expect(first.status).toBe(201);
  expect(first.headers.get("location")).toBe(`/api/v1/jobs/${jobId}`);
  expect(first.headers.get("x-contract-version")).toBe(CONTRACT_VERSION);
  expect(first.headers.get("ratelimit")).toBe('"submits";r=19, "generations";r=99');
  expect(first.headers.get("ratelimit-policy")).toBe('"submits";q=20;w=60, "generations";q=100;w=3600');
  expect((await call("POST", "/jobs", { body: submit, headers: key })).answer).toMatchObject({ jobId });
  const dry = await call("POST", "/jobs", { body: { ...submit, dryRun: true } });
  expect(dry).toMatchObject({ status: 200, answer: { jobId: null, dryRun: true } });

  expect((await call("GET", `/jobs/${jobId}`)).answer).toMatchObject({ state: "queued" });
  expect((await call("GET", "/jobs?limit=1")).answer).toMatchObject({ items: [{ jobId }] });
  expect((await call("GET", "/workflows/picture")).answer).toMatchObject({ slug: "picture" });
  expect((await call("GET", "/workflows?limit=5")).status).toBe(200);
  expect((await call("POST", `/jobs/${jobId}/cancel`)).answer).toMatchObject({ jobs: [{ jobId, state: "canceled" }] });
  const retried = (await call("POST", `/jobs/${jobId}/retry`)).answer as { jobId: string };
  await end(retried.jobId, "succeeded");
  const { outputs } = (await call("GET", `/jobs/${retried.jobId}`)).answer as JobView;
  const [{ outputId } = { outputId: "" }] = outputs;
  for (const part of ["timeline", "provenance", "drift"]) {
    expect((await call("GET", `/jobs/${retried.jobId}/${part}`)).status, part).toBe(200);
  }
  expect((await call("GET", "/outputs")).answer).toMatchObject({ items: [{ outputId }] });
  expect((await call("PUT", `/outputs/${outputId}/favorite`, { body: {} })).answer).toEqual({
    outputId,
    favorite: true,
  });
  expect((await call("PUT", `/outputs/${outputId}/share`, { body: {} })).status).toBe(200);
  const file = await fetch(`${parts.gateway.url}/api/v1/outputs/${outputId}/file`, { headers: bearer });
  expect(Buffer.from(await file.arrayBuffer())).toEqual(png);
  expect((await call("DELETE", `/jobs/${retried.jobId}`)).answer).toEqual({ jobId: retried.jobId, removed: true });
  for (const path of ["/ping", "/system", "/session", "/uploads"]) {
    expect((await call("GET", path)).status, path).toBe(200);
  }
});

test.each<[string, string, object | undefined, number, object]>([
  [
    "POST",
    "/jobs",
    { workflow: "picture", inputs: { size: 1 } },
    400,
    { code: "INPUT_INVALID", fields: [{ path: "inputs.size" }] },
  ],
  ["POST", "/jobs", { workflow: "picture" }, 400, { code: "INPUT_INVALID", fields: [{ path: "inputs" }] }],
  ["POST", "/jobs", { workflow: "none", inputs: {} }, 404, { code: "WORKFLOW_NOT_FOUND" }],
  ["GET", "/jobs?limit=1000", undefined, 400, { code: "INPUT_INVALID", fields: [{ path: "limit" }] }],
  ["GET", "/jobs?limits=1", undefined, 400, { code: "INPUT_INVALID", fields: [{ path: "limits" }] }],
  ["GET", "/jobs/no-id", undefined, 400, { code: "INPUT_INVALID", fields: [{ path: "jobId" }] }],
  ["GET", `/jobs/${newId()}`, undefined, 404, { code: "NOT_FOUND" }],
  ["GET", "/nothing", undefined, 404, { code: "NOT_FOUND" }],
  ["PUT", "/jobs", {}, 405, { code: "INPUT_INVALID" }],
  ["GET", "/keys", undefined, 403, { code: "FORBIDDEN" }],
])("%s %s is refused in the one envelope: %j", async (method, path, body, status, error) => {
  const refused = await call(method, path, body === undefined ? {} : { body });
  expect(refused).toMatchObject({ status, answer: { error: { ...error, requestId: expect.any(String) } } });
  if (status === 405) expect(refused.headers.get("allow")).toBe("POST, GET, HEAD");
});

test("a page of another origin does nothing with a visitor's cookie", async () => {
  const visit = await fetch(`${parts.gateway.url}/api/v1/session`);
  const cookie = visit.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const headers = { cookie, origin: "https://evil.example", "content-type": "application/json" };
  const answer = await fetch(`${parts.gateway.url}/api/v1/jobs`, {
    method: "POST",
    headers,
    body: JSON.stringify(submit),
  });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ error: { code: "ORIGIN_REJECTED" } });
});

test("a job's events arrive under their types and in the plain form, go on after the last id, and stay away after the end", async () => {
  const { jobId } = (await call("POST", "/jobs", { body: submit })).answer as { jobId: string };
  const address = `${parts.gateway.url}/api/v1/jobs/${jobId}/events`;
  const first = await fetch(address, { headers: bearer });
  expect(first.headers.get("content-type")).toContain("text/event-stream");
  const reader = first.body?.pipeThrough(new TextDecoderStream()).getReader();
  const snapshot = (await reader?.read())?.value ?? "";
  expect(snapshot).toContain("event: snapshot\n");
  await reader?.cancel();
  const lastId = /id: (\S+)/.exec(snapshot)?.[1] ?? "";

  await end(jobId, "succeeded");
  const rest = await (await fetch(address, { headers: { ...bearer, "last-event-id": lastId } })).text();
  const types = [...rest.matchAll(/event: (\S+)/g)].map(([, type]) => type).filter((type) => type !== "progress");
  expect(types).toEqual(["job.started", "output.created", "job.succeeded"]);
  const plain = [...rest.matchAll(/event: progress\n(?:id: \S+\n)?data: (.*)/g)].map(([, data = ""]) =>
    JSON.parse(data),
  );
  expect(plain.at(-1)).toMatchObject({
    ...{ type: "progress", jobId, status: "completed", progress: 100, stage: "succeeded", message: "Succeeded" },
    ...{ estimatedRemaining: null, outputs: [{ mimeType: "image/png" }], timestamp: expect.any(String) },
  });
  expect((await fetch(address, { headers: { ...bearer, "last-event-id": "end" } })).status).toBe(204);
  expect((await call("GET", `/jobs/${newId()}/events`)).status).toBe(404);
});

test.each(["/api/generate", "/api/v1/generate"])(
  "%s answers with the job, its files, or the picture itself",
  async (path) => {
    const generate = (prompt: string, query = "", headers: Record<string, string> = {}) =>
      fetch(`${parts.gateway.url}${path}${query}`, {
        method: "POST",
        headers: { ...bearer, "content-type": "application/json", ...headers },
        body: JSON.stringify({ workflow: "picture", inputs: { prompt } }),
      });

    const embedded = generate("base64", "?outputs=base64");
    await end(await waiting("base64"), "succeeded");
    const job = (await (await embedded).json()) as JobView & { outputs: { dataUrl: string }[] };
    expect(job.outputs[0]?.dataUrl).toBe(`data:image/png;base64,${png.toString("base64")}`);

    const shown = generate("shown", "", { accept: "application/json;q=0.1, image/*" });
    const jobId = await waiting("shown");
    await end(jobId, "succeeded");
    const image = await shown;
    expect(image.headers.get("content-type")).toBe("image/png");
    expect(image.headers.get("x-job-id")).toBe(jobId);
    expect(Buffer.from(await image.arrayBuffer())).toEqual(png);

    const failing = generate("failing", "", { accept: "image/png" });
    await end(await waiting("failing"), "failed");
    expect((await failing).status).toBe(502);
    expect(await (await failing).json()).toMatchObject({ error: { code: "JOB_FAILED", message: "A node failed." } });

    const canceled = generate("canceled", "", { accept: "image/png" });
    await call("POST", `/jobs/${await waiting("canceled")}/cancel`);
    expect((await canceled).status).toBe(499);

    const left = new AbortController();
    const leaving = fetch(`${parts.gateway.url}${path}`, {
      ...{ method: "POST", signal: left.signal, headers: { ...bearer, "content-type": "application/json" } },
      body: JSON.stringify({ workflow: "picture", inputs: { prompt: "left" } }),
    }).catch(() => null);
    const leftJob = await waiting("left");
    left.abort();
    await leaving;
    expect((await call("GET", `/jobs/${leftJob}`)).answer).toMatchObject({ state: "queued" });
  },
);

test("many who wait for a picture keep no call from being answered, and are told nothing once their key is revoked", async () => {
  const { key } = await keyHolder(parts.database);
  const authorization = `Bearer ${key}`;
  const headers = { authorization, "content-type": "application/json", "idempotency-key": "revoked" };
  const waits = Array.from({ length: 20 }, async () => {
    const answer = await fetch(`${parts.gateway.url}/api/v1/generate`, {
      ...{ method: "POST", headers },
      body: JSON.stringify({ workflow: "picture", inputs: { prompt: "revoked" } }),
    });
    return answer.text();
  });
  const ended = Promise.allSettled(waits);
  const jobId = await waiting("revoked", { authorization });
  const { answer } = await call("GET", `/jobs/${jobId}`, { headers: { authorization } });
  expect(answer).toMatchObject({ state: "queued" });
  await parts.database.sql`
    UPDATE api_keys SET revoked_at = now() WHERE owner_id = (SELECT owner_id FROM jobs WHERE id = ${jobId})`;
  expect((await ended).map(({ status }) => status)).toEqual(Array(20).fill("rejected"));
});

test("files in answers cost the process a little of each, however many ask at once", async () => {
  const large = randomBytes(16e6);
  const headers = { ...bearer, "content-type": "application/json", "idempotency-key": "large" };
  const generate = () =>
    fetch(`${parts.gateway.url}/api/v1/generate?outputs=base64`, {
      ...{ method: "POST", headers },
      body: JSON.stringify({ workflow: "picture", inputs: { prompt: "large" } }),
    });
  const first = generate();
  await end(await waiting("large"), "succeeded", { file: large });
  const job = (await (await first).json()) as JobView & { outputs: { dataUrl: string }[] };
  expect(job.outputs[0]?.dataUrl === `data:image/png;base64,${large.toString("base64")}`).toBe(true);
  const before = await parts.gateway.rss();
  const lengths = await Promise.all(Array.from({ length: 12 }, async () => (await (await generate()).text()).length));
  expect(new Set(lengths).size).toBe(1);
  expect((await parts.gateway.peakRss()) - before).toBeLessThan(300e6);
});

test("a refusal by a limit says which and for how long, in the headers too", async () => {
  const { key } = await keyHolder(parts.database);
  const headers = { authorization: `Bearer ${key}` };
  let last = await call("POST", "/jobs", { body: submit, headers });
  while (last.status === 201) last = await call("POST", "/jobs", { body: submit, headers });
  expect(last).toMatchObject({ status: 429, answer: { error: { code: "RATE_LIMITED" } } });
  expect(last.headers.get("ratelimit")).toMatch(/^"submits";r=0;t=\d+$/);
  expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("a credential that is not good is refused with how to come in, as HTTP asks of it", async () => {
  const { status, headers } = await fetch(`${parts.gateway.url}/api/v1/jobs`, {
    headers: { authorization: "Bearer dk_x" },
  });
  expect([status, headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
});

test("the document has the published workflows, and a page shows it without a script", async () => {
  const answer = await fetch(`${parts.gateway.url}/api/openapi.json`);
  expect(await answer.json()).toMatchObject({
    openapi: "3.1.0",
    info: { version: CONTRACT_VERSION },
    components: { schemas: { "Inputs.picture": { properties: { prompt: { type: "string" } } } } },
  });
  const page = await (await fetch(`${parts.gateway.url}/api/docs`)).text();
  expect(page).toContain("/api/v1/jobs/{jobId}/cancel");
  expect(page).not.toMatch(/<script|https?:\/\//);
});

test("a document that has not changed is not sent again", async () => {
  for (const path of ["/api/openapi.json", "/api/docs"]) {
    const ask = (headers = {}) => fetch(`${parts.gateway.url}${path}`, { headers: { ...bearer, ...headers } });
    const first = await ask();
    const etag = first.headers.get("etag") ?? "";
    expect([etag, first.headers.get("cache-control")]).toEqual([
      expect.stringMatching(/^"[\w-]+"$/),
      "private, no-cache",
    ]);
    const again = await ask({ "if-none-match": `W/${etag}` });
    expect([path, again.status, again.headers.get("etag"), await again.text()]).toEqual([path, 304, etag, ""]);
    expect((await ask({ "if-none-match": '"another"' })).status).toBe(200);
  }
});

test("the first message of a socket says which contract holds", async () => {
  const socket = await openSocket(parts.gateway.url, bearer);
  const first = await socket.until<{ method: string; params: { contractVersion: string } }>(() => true);
  expect(first).toMatchObject({ method: "connected", params: { contractVersion: CONTRACT_VERSION } });
  socket.close();
});

test("operators fetch what each owner and key used as JSON and as a table in which no name is a formula", async () => {
  const { database } = parts;
  const { ownerId, apiKeyId, key } = await keyHolder(database);
  const headers = { authorization: `Bearer ${key}` };
  expect((await call("GET", "/usage", { headers })).status).toBe(403);
  await database.sql`UPDATE owners SET role = 'operator', display_name = '=1+1, "x"' WHERE id = ${ownerId}`;
  const form = new FormData();
  form.set("file", new Blob([png], { type: "image/png" }), "a.png");
  const sent = await fetch(`${parts.gateway.url}/api/v1/uploads`, { method: "POST", headers, body: form });
  const { sizeBytes } = (await sent.json()) as { sizeBytes: number };
  const { answer } = await call("GET", "/usage?limit=1000", { headers });
  const row = answer.items.find((found: { ownerId: string }) => found.ownerId === ownerId);
  expect(row).toMatchObject({
    apiKeyId,
    apiKeyName: "test",
    uploads: 1,
    uploadBytes: sizeBytes,
    storedBytes: sizeBytes,
  });

  const table = await fetch(`${parts.gateway.url}/api/v1/usage.csv?from=${answer.from}`, { headers });
  expect(table.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(table.headers.get("content-disposition")).toContain(`darkroom-usage-${answer.from}-${answer.to}.csv`);
  const [names, ...lines] = (await table.text()).trimEnd().split("\n");
  expect(names?.split(",")).toEqual(Object.keys(row));
  expect(lines).toHaveLength(answer.items.length);
  const counts = `0,0,0,0,0,0,1,${sizeBytes},${sizeBytes}`;
  expect(lines).toContain(`${ownerId},"'=1+1, ""x""",${apiKeyId},test,${counts}`);
  const wrong = await fetch(`${parts.gateway.url}/api/v1/usage.csv?from=soon`, { headers });
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ error: { code: "INPUT_INVALID", fields: [{ path: "from" }] } });
});
