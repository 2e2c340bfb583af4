import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { blackPng } from "@darkroom/storage/testing";
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from "vitest";
import { createGateway, type Gateway, keyHolder } from "./testing/gateway.ts";

let db: TestDatabase;
let key: string;
beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  ({ key } = await keyHolder(db.database));
});
afterAll(() => db?.drop());

async function gatewayOf(options: { env?: Record<string, string>; logTo?: string }): Promise<Gateway> {
  const gateway = await createGateway({ databaseUrl: db.url, redisUrl: inject("redisUrl"), ...options });
  onTestFinished(() => gateway.close());
  await gateway.start();
  return gateway;
}
const patience = { timeout: 20_000, interval: 100 };
const upload = ({ url }: Gateway) =>
  fetch(`${url}/api/uploads`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "image/png" },
    body: new Uint8Array(blackPng(8, 8)),
  });

test("a disk with less than its reserve takes no upload, says when to try again, and the log says it once", async () => {
  const gateway = await gatewayOf({ env: { STORAGE_RESERVE_MB: "1000000" } });
  for (let nth = 0; nth < 3; nth += 1) {
    const refused = await upload(gateway);
    expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toMatchObject([
      503,
      "10",
      { error: { code: "UNAVAILABLE", message: expect.stringMatching(/no room/), retryAfterSeconds: 10 } },
    ]);
  }
  const ready = await fetch(`${gateway.url}/api/ready`);
  expect([ready.status, await ready.json()]).toMatchObject([200, { status: "degraded", storage: "degraded" }]);
  expect((await gateway.log()).match(/request refused/g)).toHaveLength(1);
});

test("a storage whose folder is taken away under it answers 503, is told as degraded, and takes files once it is back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-taken-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const gateway = await gatewayOf({ env: { STORAGE_URL: pathToFileURL(folder).href } });
  const state = async () => (await (await fetch(`${gateway.url}/api/ready`)).json()).storage;
  await rm(join(folder, "tmp"), { recursive: true });
  await writeFile(join(folder, "tmp"), "");
  const refused = await upload(gateway);
  expect([refused.status, refused.headers.get("retry-after"), (await refused.json()).error.code]).toEqual([
    503,
    "10",
    "UNAVAILABLE",
  ]);
  await vi.waitFor(async () => expect(await state()).toBe("degraded"), patience);
  await rm(join(folder, "tmp"));
  expect((await upload(gateway)).status).toBe(200);
  await vi.waitFor(async () => expect(await state()).toBe("ok"), patience);
});

test("a log that cannot be written ends nothing", async () => {
  const gateway = await gatewayOf({ env: { LOG_LEVEL: "info" }, logTo: "/dev/full" });
  expect((await upload(gateway)).status).toBe(200);
  expect(gateway.isAlive()).toBe(true);
});
