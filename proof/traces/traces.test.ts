import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { newId } from "@darkroom/contracts";
import { seedWorkflows } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { createSimulator } from "@darkroom/simulator";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import {
  createGateway,
  type Gateway,
  keyHolder,
  openSocket,
  type RawSocket,
} from "../../apps/web/src/server/testing/gateway.ts";
import { bundledWorkflows } from "../../packages/db/src/workflows/bundled/index.ts";
import { givenPrograms } from "../../scripts/programs/programs.ts";
import { launch } from "../../scripts/testing/launch.ts";
import { type Collector, criticalPathMs, startCollector } from "./collector.ts";

const PROMPT = "a secret garden behind the wall";

/** What both processes wrote about one job, and what a collector was sent of it. */
interface Told {
  readonly requestId: string;
  readonly jobId: string;
  readonly wallMs: number;
  readonly collector: Collector;
  readonly web: readonly Line[];
  readonly worker: readonly Line[];
  /** What ComfyUI keeps beside the graph. */
  readonly extraData: unknown;
}
type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

const linesOf = (log: string): Line[] =>
  log.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Line] : []));

let told: Told;
const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

beforeAll(async () => {
  const { database, url: databaseUrl, drop } = await createTestDatabase(inject("postgresUrl"));
  ends.push(drop);
  await seedWorkflows(database, bundledWorkflows);
  const [collector, simulator] = await Promise.all([startCollector(), createSimulator({ port: 0, stepMs: 150 })]);
  ends.push(collector.close, () => simulator.close());
  const folder = await mkdtemp(join(tmpdir(), "darkroom-traces-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const redisUrl = `${inject("redisUrl")}/8`;
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LOG_LEVEL: "debug" };
  const storage = { STORAGE_URL: pathToFileURL(join(folder, "storage")).href };
  const gateway = await createGateway({ databaseUrl, redisUrl, env: { ...traced, ...storage } });
  ends.push(gateway.close);
  const worker = launch(
    { ...traced, ...storage, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, COMFYUI_URLS: simulator.url },
    [givenPrograms().worker],
  );
  ends.push(() => worker.child.kill("SIGKILL"));
  await Promise.all([gateway.start(), worker.printed(/backend is up/)]);

  const { key } = await keyHolder(database);
  const headers = { authorization: `Bearer ${key}` };
  const socket = await openSocket(gateway.url, headers);
  await subscribe(socket);
  const requestId = newId();
  const clickedMs = performance.now();
  const jobId = await submit(gateway, { ...headers, "x-request-id": requestId });
  await socket.until((message) => JSON.stringify(message).includes(`"job.succeeded","jobId":"${jobId}"`));
  const wallMs = performance.now() - clickedMs;
  await collector.until("delivered", "settle");
  const history = (await (await fetch(`${simulator.url}/history`)).json()) as Record<string, { prompt: unknown[] }>;
  const extraData = Object.values(history)[0]?.prompt[3];
  socket.close();
  await gateway.end("SIGTERM");
  told = {
    ...{ requestId, jobId, wallMs, collector, extraData },
    web: linesOf(await gateway.log()),
    worker: linesOf(worker.output()),
  };
});

async function subscribe(socket: RawSocket): Promise<void> {
  socket.send({ id: 1, method: "subscription", params: { path: "job.onFeed" } });
  await socket.until<{ result?: { type: string } }>(({ result }) => result?.type === "data");
}

async function submit({ url }: Gateway, headers: Record<string, string>): Promise<string> {
  const response = await fetch(`${url}/api/trpc/job.submit`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ workflow: "text-to-image", inputs: { prompt: PROMPT, steps: 20 } }),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  const { result } = (await response.json()) as { result: { data: { jobId: string } } };
  return result.data.jobId;
}

describe("a job that was asked for with a click", () => {
  test("is one trace over both processes, whose critical path is the time until its owner has its end", () => {
    const spans = told.collector.spans.filter(({ facts }) => facts.jobId === told.jobId);
    const steps = ["click", "submit", "queue", "claim", "dispatch", "run", "collect", "settle", "delivered"];
    expect(spans.map(({ name }) => name).sort()).toEqual([...steps].sort());
    const traceId = told.requestId.replaceAll("-", "");
    expect(spans.filter((span) => span.traceId !== traceId || span.facts.requestId !== told.requestId)).toEqual([]);
    const [click] = spans.filter(({ name }) => name === "click");
    expect(click?.parentSpanId).toBeNull();
    expect(spans.filter(({ name, parentSpanId }) => name !== "click" && parentSpanId !== click?.spanId)).toEqual([]);
    const ofWeb = spans.filter(({ service }) => service === "darkroom-web").map(({ name }) => name);
    expect(ofWeb.sort()).toEqual(["click", "delivered", "submit"]);
    expect(Math.abs(criticalPathMs(spans) / told.wallMs - 1)).toBeLessThan(0.02);
  });

  test("names its request to ComfyUI, which keeps it with the prompt", () => {
    const darkroom = { requestId: told.requestId, jobId: told.jobId, attempt: 1 };
    expect(told.extraData).toMatchObject({ darkroom });
  });

  test("is told whole by the logs at their debug level, under the id of its request and without its prompt", () => {
    const of = (lines: readonly Line[]) => lines.filter(({ jobId }) => jobId === told.jobId);
    const story = of(told.worker).map(({ msg, step }) => (step === undefined ? msg : `${msg}: ${step}`));
    expect(story).toEqual(
      expect.arrayContaining([
        ...["step ended: queue", "step ended: claim", "claimed", "step ended: dispatch", "dispatched"],
        ...["step ended: run", "step ended: collect", "step ended: settle", "settled", "published"],
      ]),
    );
    const ours = (lines: readonly Line[]) => lines.filter(({ requestId }) => requestId === told.requestId);
    expect(ours(told.worker).length).toBeGreaterThan(8);
    expect(ours(told.web).map(({ msg }) => msg)).toEqual(expect.arrayContaining(["job submitted", "delivered"]));
    const [first] = told.worker;
    expect(first).toMatchObject({ host: expect.any(String), pid: expect.any(Number), instance: expect.any(String) });
    expect(JSON.stringify([told.web, told.worker])).not.toContain(PROMPT);
  });

  test("reaches whom it is for in lines that follow one event from its making to every reader", () => {
    const said = told.web.map(({ msg }) => msg);
    const lines = ["connection attempt", "authenticated", "connected", "subscribed", "broadcast", "disconnected"];
    expect(said).toEqual(expect.arrayContaining(lines));
    const ended = { requestId: told.requestId, jobId: told.jobId, event: "job.succeeded" };
    expect(told.worker.find((line) => line.msg === "published" && line.event === ended.event)).toMatchObject({
      ...ended,
      isTaken: true,
    });
    expect(told.web.find((line) => line.msg === "broadcast" && line.event === ended.event)).toMatchObject({
      ...ended,
      readers: 1,
      reached: 1,
    });
    expect(told.web.find((line) => line.msg === "delivered" && line.event === ended.event)).toMatchObject(ended);
  });
});
