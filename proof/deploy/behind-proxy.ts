import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { newId } from "@darkroom/contracts";
import { createCertificate, freePort } from "@darkroom/fault-proxy";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { buildWeb } from "../../scripts/launcher/build-web.ts";
import { createGuard } from "../../scripts/processes/guard.ts";
import { isListening } from "../../scripts/processes/ports.ts";
import { type Product, startProduct } from "./product.ts";
import { type ProgramName, program } from "./programs.ts";
import { ownRedis } from "./redis-server.ts";
import { createSecureClient } from "./secure-client.ts";

/** Where a proxy listens, and to what it passes on. */
export interface ProxySite {
  readonly folder: string;
  readonly port: number;
  /** Two of WEB_ROLE=gateway and one of WEB_ROLE=pages. */
  readonly upstreams: readonly number[];
}

export interface Proxy {
  readonly program: ProgramName;
  /** The shipped example with our ports and our certificate (`cert.pem`, `key.pem`), and where it goes. */
  configure(site: ProxySite): { readonly file: string; readonly text: string };
  args(file: string, site: ProxySite): string[];
}

/** Replaces each text by another; one that is not there exactly once means that the example has changed. */
export function changed(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    expect([from, before.split(from).length - 1]).toEqual([from, 1]);
    return before.replace(from, () => to);
  }, text);
}

/** So long the job runs that a caller waits for: longer than the proxy waits for an answer. */
const LONG_MS = 66_000;
const STEPS = 20;

async function setup(proxy: Proxy) {
  const stopping = new AbortController();
  const guard = createGuard();
  await buildWeb(resolve(import.meta.dirname, "../.."), { guard, signal: stopping.signal });
  await guard.close();
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const product = await startProduct({
    redisUrl: await ownRedis(),
    roles: ["gateway", "gateway", "pages"],
    env: { PUBLIC_URL: url, TRUST_PROXY: "true" },
    simulator: { stepMs: LONG_MS / STEPS },
  });
  const folder = await mkdtemp(join(tmpdir(), "darkroom-proxy-"));
  const { cert, key, ca } = await createCertificate();
  await writeFile(join(folder, "cert.pem"), cert);
  await writeFile(join(folder, "key.pem"), key);
  const site = { folder, port, upstreams: product.webs.map((web) => web.port) };
  const { file, text } = proxy.configure(site);
  await writeFile(file, text);
  const child = spawn(program(proxy.program), proxy.args(file, site), {
    stdio: ["ignore", "inherit", "inherit"],
    env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await isListening(port, "127.0.0.1", 1000))) {
    if (child.exitCode !== null) throw new Error(`${proxy.program} ended with ${child.exitCode}`);
    await new Promise((next) => setTimeout(next, 20));
  }
  return { product, url, client: createSecureClient(url, ca) };
}

const json = { "content-type": "application/json" };
const submission = (workflow: string, inputs: object): string =>
  JSON.stringify({ workflow, inputs, idempotencyKey: newId() });

/** What must hold behind any proxy whose example we ship. */
export function holdsBehind(name: string, proxy: Proxy): void {
  test(`${name}: pages, API, uploads, sockets and streams arrive over TLS, from the processes that are there for them`, async () => {
    const { product, client, url } = await setup(proxy);
    const { headers, webs } = product;
    const page = await client.ask("/", { headers: { accept: "text/html" } });
    expect([page.status, page.headers["content-type"]]).toEqual([200, expect.stringContaining("text/html")]);
    expect(page.body).toContain("Darkroom");
    const cookie = String(page.headers["set-cookie"]);
    expect(cookie).toContain("; Secure");
    const asset = /\/_next\/static\/[^"]+\.js/.exec(page.body)?.[0] ?? "";
    expect((await client.ask(asset)).status).toBe(200);
    expect((await client.ask("/metrics", { headers })).status).toBe(404);

    // Larger than what a proxy takes by default.
    const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
    const create = { width: 1400, height: 1000, channels: 3, background: "#808080", noise } as const;
    const picture = await sharp({ create }).png().toBuffer();
    expect(picture.length).toBeGreaterThan(2_000_000);
    const uploaded = await client.ask("/api/uploads", {
      method: "POST",
      headers: { ...headers, "content-type": "image/png" },
      body: picture,
    });
    expect([uploaded.status, uploaded.body]).toEqual([expect.any(Number), expect.stringContaining("uploadId")]);

    // An open socket hears of a job while it runs.
    const socket = client.socket("/ws", { ...headers, origin: url });
    const heard: string[] = [];
    socket.on("message", (data) => heard.push(String(data)));
    await once(socket, "open");
    socket.send(JSON.stringify({ id: 1, method: "subscription", params: { path: "job.onFeed", input: {} } }));
    await expect.poll(() => heard.join()).toContain('"type":"data"');

    const stream = await client.open("/api/v1/events", { headers: { ...headers, accept: "text/event-stream" } });
    stream.setEncoding("utf8");
    let events = "";
    const states: Promise<string>[] = [];
    stream.on("data", (chunk: string) => {
      events += chunk;
      const jobId = /event: job.started\ndata: \{.*?"jobId":"([^"]+)"/.exec(chunk)?.[1];
      if (jobId !== undefined) states.push(stateOf(product, jobId));
    });
    const submitted = await client.ask("/api/v1/jobs", {
      method: "POST",
      headers: { ...headers, ...json },
      body: submission("text-to-image", { prompt: "a lighthouse", steps: 1 }),
    });
    expect(submitted.status).toBeLessThan(300);
    const { jobId } = JSON.parse(submitted.body) as { jobId: string };
    await expect.poll(() => events, { timeout: 60_000 }).toContain("event: job.succeeded");
    // Held back by a buffer, its start would have come with its end.
    expect(await Promise.all(states)).toEqual(["running"]);
    await expect.poll(() => heard.join()).toContain(`"job.succeeded"`);
    expect(heard.join()).toContain(jobId);
    stream.destroy();
    socket.terminate();

    // The API does not come from the process of the pages, nor the pages from those of the API.
    await webs[2]?.end("SIGTERM");
    expect((await client.ask("/api/health")).status).toBe(200);
    expect((await client.ask("/")).status).toBeGreaterThanOrEqual(502);
    // One of two gateways ends in the middle of it all: nobody is refused.
    const ended = webs[0].end("SIGTERM");
    const statuses: number[] = [];
    for (let count = 0; count < 40; count += 1) statuses.push((await client.ask("/api/v1/jobs", { headers })).status);
    await ended;
    for (let count = 0; count < 10; count += 1) statuses.push((await client.ask("/api/v1/jobs", { headers })).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test(`${name}: whoever waits for a job that runs longer than a minute gets it, and a quiet socket stays open`, async () => {
    const { product, client, url } = await setup(proxy);
    const { headers } = product;
    const socket = client.socket("/ws", { ...headers, origin: url });
    await once(socket, "open");
    let pings = 0;
    socket.on("message", (data) => {
      if (String(data) !== "PING") return;
      pings += 1;
      socket.send("PONG");
    });
    const from = performance.now();
    const answer = await client.open("/api/generate", {
      method: "POST",
      headers: { ...headers, ...json },
      body: submission("text-to-image", { prompt: "a slow lighthouse", steps: STEPS }),
    });
    expect(answer.statusCode).toBe(200);
    const [first] = (await once(answer, "data")) as [Buffer];
    expect([String(first), performance.now() - from < 20_000]).toEqual([" ", true]);
    let body = "";
    for await (const chunk of answer) body += String(chunk);
    expect(JSON.parse(body)).toMatchObject({ state: "succeeded" });
    expect(performance.now() - from).toBeGreaterThan(60_000);
    expect([socket.readyState, pings >= 2]).toEqual([socket.OPEN, true]);
    socket.terminate();
  });
}

async function stateOf({ webs, headers }: Product, jobId: string): Promise<string> {
  const answer = await fetch(`${webs[0].url}/api/v1/jobs/${jobId}`, { headers });
  return ((await answer.json()) as { state: string }).state;
}
