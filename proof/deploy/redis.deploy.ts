import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@darkroom/db/testing";
import { createCertificate, freePort } from "@darkroom/fault-proxy";
import { createRedis, whenReady } from "@darkroom/queue";
import { expect, inject, onTestFinished, test } from "vitest";
import { startProduct } from "./product.ts";
import { startRedis } from "./redis-server.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/operations/redis.md"), "utf8");

/** The roles of the connections that are there now, as `redis-cli client list` names them. */
async function clientNames(url: string): Promise<string[]> {
  const redis = createRedis(url, { role: "commands", onError: () => undefined, connectionName: "looks" });
  await whenReady(redis);
  const list = String(await redis.client("LIST"));
  redis.disconnect();
  return [...list.matchAll(/ name=(darkroom-\S+)/g)].map(([, name = ""]) => name).toSorted();
}

const ours = [
  "darkroom-web-commands",
  "darkroom-web-subscriber",
  "darkroom-worker-commands",
  "darkroom-worker-subscriber",
];

test("Sentinel: when the primary dies, jobs go on over the replica that is promoted, and none is lost", async () => {
  const primary = await startRedis((port) => [`port ${port}`, "requirepass data", "masterauth data"]);
  const replica = await startRedis((port) => [
    ...[`port ${port}`, "requirepass data", "masterauth data"],
    `replicaof 127.0.0.1 ${primary.port}`,
  ]);
  const sentinels = await Promise.all(
    [1, 2, 3].map(() =>
      startRedis(
        (port) => [
          ...[`port ${port}`, "requirepass watch", "sentinel sentinel-pass watch"],
          `sentinel monitor main 127.0.0.1 ${primary.port} 2`,
          ...["sentinel auth-pass main data", "sentinel down-after-milliseconds main 1000"],
          "sentinel failover-timeout main 5000",
        ],
        { isSentinel: true },
      ),
    ),
  );
  // The first is none: another is asked then.
  const hosts = [await freePort(), ...sentinels.map(({ port }) => port)].map((port) => `127.0.0.1:${port}`);
  const redisUrl = `redis+sentinel://:data@${hosts.join()}/main?sentinelPassword=watch`;
  const { generate } = await startProduct({ redisUrl });
  expect(await generate()).toMatchObject({ state: "succeeded" });
  const at = (port: number) => `redis://:data@127.0.0.1:${port}`;
  expect(await clientNames(at(primary.port))).toEqual(ours);

  await primary.kill();
  const jobs = await Promise.all([1, 2, 3].map(() => generate()));
  expect(jobs.map(({ state, attempts }) => [state, attempts])).toEqual(jobs.map(() => ["succeeded", 1]));
  expect(await clientNames(at(replica.port))).toEqual(ours);
});

test("TLS with a private authority: rediss:// works once Node is told of it, and refuses without", async () => {
  const { cert, key, ca } = await createCertificate();
  const folder = await mkdtemp(join(tmpdir(), "darkroom-tls-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = { cert, key, ca };
  for (const [name, pem] of Object.entries(files)) await writeFile(join(folder, `${name}.pem`), pem);
  const file = (name: keyof typeof files) => join(folder, `${name}.pem`);
  const { port } = await startRedis((tlsPort) => [
    ...["port 0", `tls-port ${tlsPort}`, "tls-auth-clients no", "requirepass s3cret"],
    ...[`tls-cert-file ${file("cert")}`, `tls-key-file ${file("key")}`, `tls-ca-cert-file ${file("ca")}`],
  ]);
  const redisUrl = `rediss://:s3cret@127.0.0.1:${port}`;
  const { generate } = await startProduct({ redisUrl, env: { NODE_EXTRA_CA_CERTS: file("ca") } });
  expect(await generate()).toMatchObject({ state: "succeeded" });

  const stranger = createRedis(redisUrl, { role: "commands", onError: () => undefined });
  onTestFinished(() => stranger.disconnect());
  const [error] = (await once(stranger, "error")) as [Error];
  expect(error.message).toMatch(/certificate/);
});

test("ACL: a user with no more rights than the page names runs everything", async () => {
  const [, rights = ""] = /^user darkroom on >password (.+)$/m.exec(page) ?? [];
  expect(rights).toContain("-@dangerous");
  const { port } = await startRedis((own) => [
    `port ${own}`,
    "user default off",
    `user darkroom on >p%ss ${rights}`,
    "user admin on >root ~* &* +@all",
  ]);
  const { generate, webs, headers } = await startProduct({ redisUrl: `redis://darkroom:p%25ss@127.0.0.1:${port}` });
  expect(await generate()).toMatchObject({ state: "succeeded" });
  const ready = await fetch(`${webs[0].url}/api/ready`);
  expect(await ready.json()).toMatchObject({ redis: "ok" });
  expect((await fetch(`${webs[0].url}/api/v1/jobs`, { headers })).status).toBe(200);

  const admin = createRedis(`redis://admin:root@127.0.0.1:${port}`, { role: "commands", onError: () => undefined });
  onTestFinished(() => admin.disconnect());
  await whenReady(admin);
  expect(await admin.call("ACL", "LOG")).toEqual([]);
});

test("Cluster: a process says that it is not supported, and why, and ends", async () => {
  const { port } = await startRedis((own) => [`port ${own}`, "cluster-enabled yes"]);
  const redis = createRedis(`redis://127.0.0.1:${port}`, { role: "commands", onError: () => undefined });
  onTestFinished(() => redis.disconnect());
  const { url, drop } = await createTestDatabase(inject("postgresUrl"));
  onTestFinished(drop);
  const folder = await mkdtemp(join(tmpdir(), "darkroom-cluster-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = {
    ...{ PATH: process.env.PATH, DATABASE_URL: url, REDIS_URL: `redis://127.0.0.1:${port}`, DATA_DIR: folder },
    ...{ COMFYUI_URLS: "http://127.0.0.1:9", WEB_ROLE: "gateway", PORT: String(await freePort()) },
  };
  for (const main of ["apps/web/src/server/main.ts", "apps/worker/src/main.ts"]) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "../..", main)], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect([main, await once(child, "close")]).toEqual([main, [1, null]]);
    expect(said).toMatch(
      /REDIS_URL: what answers there is a Redis Cluster, which is not supported: all keys .* Sentinels\n$/,
    );
  }
});
