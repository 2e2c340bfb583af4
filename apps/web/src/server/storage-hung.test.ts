import { createTestDatabase } from "@darkroom/db/testing";
import { createFaultProxy } from "@darkroom/fault-proxy";
import { blackPng, createTestBucket } from "@darkroom/storage/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { createGateway, keyHolder } from "./testing/gateway.ts";

test("while a bucket stands still every door that needs it says so in time and when to try again, and works as soon as it goes on", async () => {
  const db = await createTestDatabase(inject("postgresUrl"));
  onTestFinished(() => db.drop());
  const { key } = await keyHolder(db.database);
  const bucket = await createTestBucket();
  onTestFinished(() => bucket.close());
  const endpoint = new URL(bucket.variables.AWS_ENDPOINT_URL_S3 ?? "");
  const proxy = await createFaultProxy({ targetPort: Number(endpoint.port) });
  onTestFinished(() => proxy.close());
  const env = { ...bucket.variables, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${proxy.port}` };
  const gateway = await createGateway({ databaseUrl: db.url, redisUrl: inject("redisUrl"), env });
  onTestFinished(() => gateway.close());
  await gateway.start();
  const headers = { authorization: `Bearer ${key}` };
  const upload = (size: number) =>
    fetch(`${gateway.url}/api/uploads`, {
      method: "POST",
      headers: { ...headers, "content-type": "image/png" },
      body: new Uint8Array(blackPng(size, size)),
    });
  const { uploadId } = (await (await upload(8)).json()) as { uploadId: string };
  const picture = (query = "") => fetch(`${gateway.url}/api/uploads/${uploadId}${query}`, { headers });
  expect((await picture()).status).toBe(200);

  await proxy.set({ link: "blackhole" });
  const startedAt = performance.now();
  const refused = await Promise.all([upload(9), picture(), picture("?width=96")]);
  const seconds = (performance.now() - startedAt) / 1000;
  for (const answer of refused) {
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(await answer.json()).toMatchObject({ error: { code: "UNAVAILABLE" } });
  }
  expect(seconds).toBeLessThan(12);
  const ready = await (await fetch(`${gateway.url}/api/ready`)).json();
  expect(ready).toMatchObject({ status: "degraded", storage: "degraded" });

  await proxy.heal();
  expect((await upload(9)).status).toBe(200);
  expect((await picture()).status).toBe(200);
}, 90_000);
