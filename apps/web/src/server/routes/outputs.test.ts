import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as requestHttp } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { errorFacts, shareHashOf } from "@darkroom/api";
import { newId, type Principal } from "@darkroom/contracts";
import { createUpload, shareOutput } from "@darkroom/db";
import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { createDecoders, createStorage, createThumbnails, type Storage } from "@darkroom/storage";
import { unzipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { keyHolder } from "../testing/gateway.ts";
import { accountExport } from "./account-export.ts";
import { output } from "./outputs.ts";
import { outputsZip } from "./outputs-zip.ts";
import { share } from "./shares.ts";
import { uploaded } from "./uploads.ts";

let db: TestDatabase;
let storage: Storage;
let ownerId: string;
let url: string;
let close: () => Promise<void>;

beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  ({ ownerId } = await keyHolder(db.database));
  const folder = await mkdtemp(join(tmpdir(), "darkroom-outputs-"));
  storage = createStorage({ STORAGE_URL: pathToFileURL(folder).href });
  const decoders = createDecoders();
  const thumbnails = createThumbnails(storage, decoders);
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? "/", "http://x");
    const owner = request.headers["x-owner"]?.toString() ?? ownerId;
    const principal: Principal = {
      kind: "account",
      ownerId: owner,
      ownerIds: [owner],
      role: request.headers["x-role"] === "guest" ? "guest" : "member",
      displayName: null,
      scopes: [],
      isNew: false,
    };
    const parts = { database: db.database, storage, thumbnails };
    const identity = { principal, setCookie: null, viaCookie: false, isAuthenticated: true, credential: null };
    const exchange = { request, response, url: asked, identity, requestId: "test" };
    const [first = "", second = ""] = asked.pathname.slice(1).split("/");
    const served =
      first === "outputs.zip"
        ? outputsZip({ ...exchange, params: {} }, parts)
        : first === "export"
          ? accountExport({ ...exchange, params: {} }, parts)
          : first === "shares"
            ? share({ ...exchange, params: { token: second } }, parts)
            : first === "uploads"
              ? uploaded({ ...exchange, params: { uploadId: second } }, parts)
              : output({ ...exchange, params: { outputId: first } }, parts);
    served.catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(errorFacts(error).httpStatus).end(JSON.stringify(errorFacts(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    decoders.close();
    await rm(folder, { recursive: true });
  };
});
afterAll(async () => {
  await close?.();
  await db?.drop();
});

async function outputOf(bytes: Uint8Array | string, kind: string, mimeType: string): Promise<string> {
  const stored = await storage.put([Buffer.from(bytes as string)], { maxBytes: 1e9 });
  const [outputId, jobId] = [newId(), newId()];
  await db.database.sql`
    WITH w AS (
      INSERT INTO workflows (id, slug, name, description) VALUES (${newId()}, ${`w-${jobId}`}, 'W', '') RETURNING id
    ), v AS (
      INSERT INTO workflow_versions (id, workflow_id, number, name, description, graph, parameters, bindings, outputs, created_at)
      SELECT ${newId()}, id, 1, 'W', '', '{}', '[]', '[]', '[]', now() FROM w RETURNING id, workflow_id
    )
    INSERT INTO jobs (id, owner_id, workflow_id, workflow_version_id, idempotency_key, inputs, inputs_hash, state, version,
      attempt, priority, capability, capability_key, run_after, created_at, queued_at, started_at, changed_at)
    SELECT ${jobId}, ${ownerId}, v.workflow_id, v.id, ${jobId}, '{}', '', 'running', 2, 1, 'normal',
      '{"nodes":[],"models":[]}', '', now(), now(), now(), now(), now() FROM v`;
  await db.database.sql`
    INSERT INTO outputs (id, job_id, attempt, ordinal, owner_id, sha256, storage_key, kind, mime_type, size_bytes, created_at)
    VALUES (${outputId}, ${jobId}, 1, 0, ${ownerId}, ${stored.sha256}, ${stored.storageKey}, ${kind}, ${mimeType},
      ${stored.sizeBytes}, now())`;
  return outputId;
}
const ask = (path: string, init?: RequestInit) => fetch(`${url}/${path}`, init);

test("an output is served whole, or in the range that a player asks for, with a tag that never changes", async () => {
  const id = await outputOf("0123456789", "video", "video/mp4");
  const whole = await ask(id);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    "content-type": "video/mp4",
    "content-length": "10",
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=31536000, immutable",
    "content-disposition": `inline; filename="${id}.mp4"`,
  });
  expect(await whole.text()).toBe("0123456789");
  const etag = whole.headers.get("etag") ?? "";
  const range = (headers: Record<string, string>) => ask(id, { headers });

  const part = await range({ range: "bytes=2-4" });
  expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([206, "bytes 2-4/10", "234"]);
  const current = await range({ range: "bytes=8-", "if-range": etag });
  expect([current.status, await current.text()]).toEqual([206, "89"]);
  const other = await range({ range: "bytes=8-", "if-range": '"another"' });
  expect([other.status, await other.text()]).toEqual([200, "0123456789"]);
  const beyond = await range({ range: "bytes=10-" });
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */10"]);
  expect((await range({ "if-none-match": `"x", W/${etag}` })).status).toBe(304);
});

test("HEAD tells what GET would, without the bytes", async () => {
  const id = await outputOf("0123456789", "audio", "audio/flac");
  const [status, headers, bytes] = await new Promise<[unknown, object, number]>((resolve) => {
    requestHttp(`${url}/${id}`, { method: "HEAD" }, (answer) => {
      let count = 0;
      answer.on("data", (chunk: Buffer) => {
        count += chunk.length;
      });
      answer.on("end", () => resolve([answer.statusCode, answer.headers, count]));
    }).end();
  });
  expect([status, bytes]).toEqual([200, 0]);
  expect(headers).toMatchObject({ "content-length": "10", "content-type": "audio/flac" });
});

test.each([
  ["text/plain; charset=utf-8", "text", "inline", "txt"],
  ["application/json", "text", "attachment", "json"],
  ["text/html", "text", "attachment", "html"],
  ["image/svg+xml", "file", "attachment", "svg"],
  ["application/octet-stream", "file", "attachment", "bin"],
  ["model/gltf-binary", "model", "attachment", "glb"],
  ["application/pdf", "file", "attachment", "pdf"],
])("an output that says it is %s can run nothing on our origin", async (mimeType, kind, disposition, ending) => {
  const id = await outputOf("<script>alert(document.domain)</script>", kind, mimeType);
  const { headers } = await ask(id);
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.* sandbox$/);
  expect(headers.get("content-disposition")).toBe(`${disposition}; filename="${id}.${ending}"`);
});

test("an output that is asked for as a download is one, under the name asked for if that fits", async () => {
  const id = await outputOf("0123456789", "audio", "audio/mpeg");
  const nameOf = async (name: string) =>
    (await ask(`${id}?download=${encodeURIComponent(name)}`)).headers.get("content-disposition");
  expect(await nameOf("a-fox-7.mp3")).toBe('attachment; filename="a-fox-7.mp3"');
  for (const unfit of ["", "a-fox.exe", "../a.mp3", 'a"b.mp3', "a\r\nb.mp3", `${"a".repeat(120)}.mp3`]) {
    expect(await nameOf(unfit)).toBe(`attachment; filename="${id}.mp3"`);
  }
});

test("the owner gets a picture with what ComfyUI wrote into it, and every copy without", async () => {
  const png = await sharp({ create: { width: 500, height: 250, channels: 3, background: "red" } })
    .withExif({ IFD0: { ImageDescription: "the whole workflow" } })
    .png()
    .toBuffer();
  const id = await outputOf(png, "image", "image/png");
  expect(Buffer.from(await (await ask(id)).arrayBuffer()).equals(png)).toBe(true);
  for (const format of ["webp", "avif", "jpeg", "png"] as const) {
    const copy = await ask(`${id}?width=300&format=${format}`);
    expect([copy.status, copy.headers.get("content-type")]).toEqual([200, `image/${format}`]);
    const metadata = await sharp(Buffer.from(await copy.arrayBuffer())).metadata();
    expect(metadata).toMatchObject({ format: format === "avif" ? "heif" : format, width: 384, height: 192 });
    expect(metadata.exif).toBeUndefined();
  }
  const full = await ask(`${id}?format=webp`);
  expect((await sharp(Buffer.from(await full.arrayBuffer())).metadata()).width).toBe(500);
});

test.each(["width=0", "width=1e3", "width=9000", "width=-1", "width=x", "width=100&format=svg", "format="])(
  "a copy by ?%s is refused with its field and rule",
  async (query) => {
    const id = await outputOf("x", "image", "image/png");
    const answer = await ask(`${id}?${query}`);
    const field = query.includes("format") ? "format" : "width";
    expect([answer.status, await answer.json()]).toMatchObject([400, { fields: [{ path: field }] }]);
  },
);

test("a film has no smaller copy", async () => {
  const answer = await ask(`${await outputOf("0123456789", "video", "video/mp4")}?width=96`);
  expect([answer.status, await answer.json()]).toMatchObject([400, { fields: [{ path: "width" }] }]);
});

test("someone else's output, one that never was and one whose file is gone are not found, and that is not remembered", async () => {
  const id = await outputOf("0123456789", "video", "video/mp4");
  expect((await ask(id, { headers: { "x-owner": newId() } })).status).toBe(404);
  expect((await ask(newId())).status).toBe(404);
  await db.database.sql`UPDATE outputs SET storage_key = ${`00/00/${"0".repeat(64)}`} WHERE id = ${id}`;
  const gone = await ask(id);
  expect([gone.status, gone.headers.get("etag"), gone.headers.get("cache-control")]).toEqual([
    404,
    null,
    "private, no-store",
  ]);
});

test("a shared picture is seen by anyone who has its address, without what ComfyUI wrote into it, until the moment that ends", async () => {
  const png = await sharp({ create: { width: 50, height: 25, channels: 3, background: "red" } })
    .withExif({ IFD0: { ImageDescription: "the whole workflow" } })
    .png()
    .toBuffer();
  const outputId = await outputOf(png, "image", "image/png");
  expect((await ask("shares/secret")).status).toBe(404);
  await shareOutput(db.database, { outputId, share: { hash: shareHashOf("secret"), nonce: null } });
  const shared = await ask("shares/secret", { headers: { "x-owner": newId() } });
  // Whoever kept it asks before showing it again.
  expect([shared.status, shared.headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
  const again = { headers: { "if-none-match": shared.headers.get("etag") ?? "" } };
  expect((await ask("shares/secret", again)).status).toBe(304);
  const metadata = await sharp(Buffer.from(await shared.arrayBuffer())).metadata();
  expect(metadata).toMatchObject({ format: "png", width: 50 });
  expect(metadata.exif).toBeUndefined();
  await shareOutput(db.database, { outputId, share: null });
  expect((await ask("shares/secret", again)).status).toBe(404);
});

test("an upload is shown to its owner alone, whole and as a smaller copy", async () => {
  const png = await sharp({ create: { width: 400, height: 200, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const stored = await storage.put([png], { maxBytes: 1e6 });
  const uploadId = newId();
  await createUpload(db.database, { uploadId, ownerId, ...stored, mimeType: "image/png", width: 400, height: 200 });
  const whole = await ask(`uploads/${uploadId}`);
  expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "image/png"]);
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(png);
  const copy = await ask(`uploads/${uploadId}?width=96&format=webp`);
  expect(await sharp(Buffer.from(await copy.arrayBuffer())).metadata()).toMatchObject({ format: "webp", width: 96 });
  expect((await ask(`uploads/${uploadId}`, { headers: { "x-owner": newId() } })).status).toBe(404);
  expect((await ask("uploads/nothing")).status).toBe(404);
});

test("several outputs are one ZIP file, each under a name of its own, without what is gone or somebody else's", async () => {
  const bytes = Buffer.alloc(300_000, "picture");
  const [one, two, film] = [
    await outputOf(bytes, "image", "image/png"),
    await outputOf(Buffer.from("two"), "image", "image/png"),
    await outputOf(Buffer.from("film"), "video", "video/webm"),
  ];
  const ask = (ids: readonly string[], owner?: string) =>
    fetch(`${url}/outputs.zip?ids=${ids.join(",")}`, owner === undefined ? {} : { headers: { "x-owner": owner } });
  const answer = await ask([film, one, newId(), two, one]);
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="darkroom-[\d-]{10}\.zip"$/);
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  expect(Object.keys(files).map((name) => name.replace(/^(\d).*\./, "$1."))).toEqual(["1.webm", "2.png", "3.png"]);
  expect(Object.values(files).map((file) => Buffer.from(file))).toEqual([
    Buffer.from("film"),
    bytes,
    Buffer.from("two"),
  ]);

  expect((await ask([one], newId())).status).toBe(404);
  for (const ids of [[], ["garbage"], Array.from({ length: 101 }, newId)]) expect((await ask(ids)).status).toBe(400);
  await db.database.sql`UPDATE outputs SET size_bytes = 1500000000 WHERE id = ANY(${[one, two]}::uuid[])`;
  const large = await ask([one, two]);
  expect([large.status, await large.json()]).toMatchObject([400, { fields: [{ path: "ids" }] }]);
});

test("all that is somebody's is one ZIP file: what is known of them, their jobs, and each file", async () => {
  const outputId = await outputOf("a picture to take along", "image", "image/png");
  await db.database
    .sql`UPDATE jobs SET state = 'succeeded', backend_id = 'gpu-1:8188' FROM outputs o WHERE o.id = ${outputId} AND jobs.id = o.job_id`;
  const sent = await storage.put([Buffer.from("what was sent")], { maxBytes: 1e9 });
  const uploadId = newId();
  await createUpload(db.database, { uploadId, ownerId, ...sent, mimeType: "image/png", width: 4, height: 2 });
  const exported = async (owner: string, role = "member") => {
    const answer = await ask("export", { headers: { "x-owner": owner, "x-role": role } });
    expect(answer.headers.get("content-disposition")).toMatch(
      /^attachment; filename="darkroom-export-[\d-]{10}\.zip"$/,
    );
    const files = Object.entries(unzipSync(new Uint8Array(await answer.arrayBuffer())));
    return new Map(files.map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
  };
  const files = await exported(ownerId);
  const account = JSON.parse(files.get("account.json") ?? "");
  expect(account).toMatchObject({ ownerId, apiKeys: [{ prefix: expect.any(String) }] });
  expect(JSON.stringify(account)).not.toContain("hash");
  expect(files.get(`uploads/${uploadId}.png`)).toBe("what was sent");
  const jobs = (files.get("jobs.jsonl") ?? "")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const made = jobs.find(({ outputs }) => outputs.some((one: { outputId: string }) => one.outputId === outputId));
  const [picture] = [...files].filter(([name]) => name.startsWith(`outputs/${made.jobId}/1-`));
  expect(picture?.[1]).toBe("a picture to take along");

  // As everywhere else a guest is not told where servers are.
  expect(files.get("jobs.jsonl")).toContain("gpu-1:8188");
  expect((await exported(ownerId, "guest")).get("jobs.jsonl")).not.toContain("gpu-1:8188");

  const stranger = newId();
  expect([...(await exported(stranger))].map(([name]) => name)).toEqual(["account.json", "jobs.jsonl"]);
});
