import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { errorFacts } from "@darkroom/api";
import { type FileLimits, newId, type Principal } from "@darkroom/contracts";
import { ensureOwner, type UploadLimits, uploadFile } from "@darkroom/db";
import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { createDecoders, createStorage, type Storage } from "@darkroom/storage";
import { blackPng } from "@darkroom/storage/testing";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { storageRefusal } from "../http/storage-refusal.ts";
import { takeUpload, type UploadParts } from "./uploads.ts";

// Over real HTTP, with the storage at hand: whatever is refused must leave nothing behind.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
});
const decoders = createDecoders();
afterAll(async () => {
  decoders.close();
  await db?.drop();
});

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "darkroom-uploads-"));
  storage = createStorage({ STORAGE_URL: pathToFileURL(folder).href });
  onTestFinished(() => rm(folder, { recursive: true }));
});
const stored = async () =>
  (await readdir(folder, { recursive: true })).filter((name) => /[0-9a-f]{64}|tmp\//.test(name));

async function listen(listener: RequestListener, host = "127.0.0.1"): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, server };
}

const ownerId = newId();
const principal: Principal = {
  kind: "guest",
  ownerId,
  ownerIds: [ownerId],
  role: "guest",
  displayName: null,
  scopes: [],
  isNew: true,
};

const limits: UploadLimits = { bytesPerOwner: 1e9, bytesPerAddress: 1e9, storedBytesPerOwner: null, days: 30 };

const MB = 1024 ** 2;
const fileLimits: FileLimits = { image: MB, video: 3 * MB, audio: 2 * MB, "3d": 4 * MB };

/** A door that takes uploads. */
async function door(options: Partial<UploadParts> = {}): Promise<string> {
  const parts = {
    database: db.database,
    storage,
    decoders,
    principal,
    byUrl: false,
    addressKey: null,
    limits,
    fileLimits,
    ...options,
  };
  const { url } = await listen((request: IncomingMessage, response) => {
    takeUpload(request, parts).then(
      (upload) => response.end(JSON.stringify(upload)),
      (error: unknown) => {
        const { code, message, fields } = errorFacts(storageRefusal(error) ?? error);
        response.writeHead(400, { connection: "close" }).end(JSON.stringify({ code, message, fields }));
      },
    );
  });
  return url;
}
async function send(url: string, body: Uint8Array | string, type = "image/png"): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": type }, body: body as BodyInit });
  return (await answer.json()) as Record<string, unknown>;
}
const sendUrl = (url: string, address: unknown) => send(url, JSON.stringify({ url: address }), "application/json");

const red = (width = 30, height = 20) => sharp({ create: { width, height, channels: 3, background: "red" } });

test("a picture is taken by its content, painted anew, and stored once however often it comes", async () => {
  const url = await door();
  const jpeg = await red()
    .withExif({ IFD0: { Copyright: "secret" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const taken = await send(url, jpeg, "text/html");
  expect(taken).toMatchObject({ mimeType: "image/jpeg", width: 20, height: 30 });
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(jpeg)]), "../../evil.svg");
  const again = (await (await fetch(url, { method: "POST", body: form })).json()) as Record<string, unknown>;
  expect(again).toMatchObject({ mimeType: "image/jpeg", width: 20, height: 30 });
  const [one, two] = await Promise.all(
    [taken, again].map(({ uploadId }) => uploadFile(db.database, { uploadId: String(uploadId), ownerIds: null })),
  );
  expect(one?.storageKey).toBe(two?.storageKey);
  expect(await stored()).toEqual([one?.storageKey]);
  const kept = await storage.withFile(one?.storageKey ?? "", (path) => sharp(path).metadata());
  expect([kept?.format, kept?.exif]).toEqual(["jpeg", undefined]);
});

test.each<[string, () => Promise<Uint8Array | string>, RegExp]>([
  ["nothing", async () => new Uint8Array(0), /not an image/],
  ["text by the name of a picture", async () => "a picture, honestly", /not an image/],
  ["an SVG", async () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /not an image/],
  [
    "half a picture",
    async () => (await red(600, 600).png({ compressionLevel: 0 }).toBuffer()).subarray(0, 5e5),
    /damaged/,
  ],
])("%s is refused with its field and rule, and leaves nothing", async (_name, bytes, rule) => {
  expect(await send(await door(), await bytes())).toMatchObject({
    code: "UPLOAD_INVALID",
    message: expect.stringMatching(rule),
    fields: [{ path: "file", message: expect.stringMatching(rule) }],
  });
  expect(await stored()).toEqual([]);
});

test("a video or a sound is kept as it was sent, without a size", async () => {
  for (const [name, mimeType] of [
    ["mp4.0330.mp4", "video/mp4"],
    ["webm-vp9.0364.webm", "video/webm"],
    ["flac.0330.flac", "audio/flac"],
  ] as const) {
    const sent = await readFile(new URL(name, samples));
    const taken = await send(await door(), sent, "text/html");
    expect(taken).toMatchObject({ mimeType, width: null, height: null, sizeBytes: sent.length });
    const file = await uploadFile(db.database, { uploadId: String(taken.uploadId), ownerIds: null });
    const kept = await storage.withFile(file?.storageKey ?? "", (path) => readFile(path));
    expect(kept?.equals(sent)).toBe(true);
  }
});

test("of a moving picture the first frame is taken", async () => {
  const frames = Buffer.concat([Buffer.alloc(16 * 16 * 3, 20), Buffer.alloc(16 * 16 * 3, 220)]);
  const gif = await sharp(frames, { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } })
    .gif()
    .toBuffer();
  expect(await send(await door(), gif)).toMatchObject({ width: 16, height: 16 });
});

const samples = new URL("../../../../../packages/workflow-files/src/testing/samples/", import.meta.url);
const post = async (url: string, bytes: Uint8Array, name: string): Promise<Record<string, unknown>> => {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(bytes)]), name);
  return (await (await fetch(url, { method: "POST", body: form })).json()) as Record<string, unknown>;
};
const padded = (bytes: Uint8Array, sizeBytes: number): Uint8Array =>
  Buffer.concat([bytes, Buffer.alloc(sizeBytes - bytes.length)]);

test("a file over the limit of its kind is refused with that limit, and one below it is taken", async () => {
  const refusal = (megabytes: number) => ({
    code: "UPLOAD_TOO_LARGE",
    fields: [{ path: "file", message: `may have at most ${megabytes} MB` }],
  });
  const url = await door();
  const [film, sound] = await Promise.all(
    ["mp4.0330.mp4", "flac.0330.flac"].map((name) => readFile(new URL(name, samples))),
  );
  if (film === undefined || sound === undefined) throw new Error("there are two samples");
  expect(await send(url, new Uint8Array(MB + 1))).toMatchObject(refusal(1));
  expect(await post(url, new Uint8Array(MB + 1), "large.png")).toMatchObject(refusal(1));
  expect(await post(url, padded(sound, 2 * MB + 1), "large.flac")).toMatchObject(refusal(2));
  expect(await post(url, padded(film, 3 * MB + 1), "large.mp4")).toMatchObject(refusal(3));
  expect(await post(url, padded(Buffer.from("v 1 2 3\n"), 4 * MB + 1), "large.obj")).toMatchObject(refusal(4));
  // By its name it may have four, by its content only one.
  expect(await post(url, padded(blackPng(8, 8), MB + 1), "picture.glb")).toMatchObject({ code: "UPLOAD_INVALID" });
  expect(await stored()).toEqual([]);
  expect(await post(url, padded(film, 3 * MB), "film.mp4")).toMatchObject({ mimeType: "video/mp4", sizeBytes: 3 * MB });
});

/** A GLB with this description. */
function glb(json: object): Buffer {
  const text = Buffer.from(JSON.stringify(json));
  const head = Buffer.alloc(20);
  head.write("glTF");
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(20 + text.length, 8);
  head.writeUInt32LE(text.length, 12);
  head.write("JSON", 16);
  return Buffer.concat([head, text]);
}

const asset = { version: "2.0" };
const stl = Buffer.alloc(84 + 50);
stl.writeUInt32LE(1, 80);
test.each<[string, Uint8Array, string]>([
  ["cube.glb", glb({ asset }), "model/gltf-binary"],
  ["cube.gltf", Buffer.from(JSON.stringify({ asset, buffers: [{ uri: "data:,x" }] })), "model/gltf+json"],
  ["cube.OBJ", Buffer.from("# cube\nmtllib cube.mtl\nv 1 -2 3.5\nf 1 1 1\n"), "model/obj"],
  ["cube.stl", stl, "model/stl"],
  ["cube.stl", Buffer.from("solid cube\n facet normal 0 0 1\n"), "model/stl"],
  ["cloud.ply", Buffer.from("ply\nformat ascii 1.0\nelement vertex 1\nend_header\n0 0 0\n"), "model/ply"],
  ["cube.fbx", Buffer.from("Kaydara FBX Binary  \0\x1a\0"), "model/x-fbx"],
])("a 3D model is kept as it was sent: %s", async (name, bytes, mimeType) => {
  expect(await post(await door(), bytes, name)).toMatchObject({ mimeType, width: null, sizeBytes: bytes.length });
});

test.each<[string, Uint8Array, RegExp]>([
  ["a text by the name of a GLB", Buffer.from("a model, honestly"), /not a GLB file/],
  ["half a GLB", glb({ asset }).subarray(0, 30), /not a GLB file/],
  ["a GLB that keeps its pictures elsewhere", glb({ asset, images: [{ uri: "../../secret.png" }] }), /in other files/],
  ["a GLB whose description is none", glb([]), /not a glTF file/],
])("%s is refused with its field and rule", async (_name, bytes, rule) => {
  const message = expect.stringMatching(rule);
  expect(await post(await door(), bytes, "model.glb")).toMatchObject({
    ...{ code: "UPLOAD_INVALID", message, fields: [{ path: "file", message }] },
  });
  expect(await stored()).toEqual([]);
});

test("a 3D model that would lead the server to other files is refused: an OBJ with paths, a glTF in parts", async () => {
  const url = await door();
  const long = Buffer.concat([Buffer.from("v 1 2 3\n".repeat(30_000)), Buffer.from("mtllib ../../etc/passwd\n")]);
  expect(await post(url, long, "cube.obj")).toMatchObject({ message: expect.stringMatching(/materials by a path/) });
  const wide = Buffer.from(`v 1 2 3\nmtllib ${" ".repeat(200_000)}../secret.mtl\n`);
  expect(await post(url, wide, "cube.obj")).toMatchObject({ code: "UPLOAD_INVALID" });
  const gltf = Buffer.from(JSON.stringify({ asset, buffers: [{ uri: "cube.bin" }] }));
  expect(await post(url, gltf, "cube.gltf")).toMatchObject({ message: expect.stringMatching(/as one GLB file/) });
  expect(await stored()).toEqual([]);
});

test("no more bytes are kept of an owner than is allowed, however many uploads come at once", async () => {
  const fresh = { ...principal, ownerId: newId() };
  const url = await door({ principal: fresh, limits: { ...limits, bytesPerOwner: 1 + 3 * blackPng(8, 8).length } });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, nth) => send(url, blackPng(8 + nth, 8))));
  const [row] = await db.database.sql<{ bytes: number; kept: number }[]>`
    SELECT sum(size_bytes)::int AS bytes, count(*) AS kept FROM uploads WHERE owner_id = ${fresh.ownerId}`;
  expect(row?.bytes).toBeLessThanOrEqual(1 + 3 * blackPng(8, 8).length);
  expect(answers.filter(({ code }) => code === "QUOTA_EXCEEDED")).toHaveLength(8 - Number(row?.kept));
  expect(Number(row?.kept)).toBeGreaterThan(0);
});

test("an upload is refused that does not fit into what is left of all that may be kept, with what jobs made", async () => {
  const fresh = { ...principal, ownerId: newId() };
  const picture = blackPng(8, 8);
  const url = await door({ principal: fresh, limits: { ...limits, storedBytesPerOwner: 1000 + picture.length } });
  expect(await send(url, picture)).toMatchObject({ sizeBytes: expect.any(Number) });
  await db.database.sql`UPDATE stored_files SET bytes = bytes + 1000 WHERE owner_id = ${fresh.ownerId}`;
  expect(await send(url, picture)).toMatchObject({
    code: "QUOTA_EXCEEDED",
    message: expect.stringMatching(/Remove some/),
  });
});

test("no more bytes are kept of the guests and new accounts of one address, and of others as many as ever", async () => {
  const as = (addressKey: string, owner = newId()) =>
    door({
      principal: { ...principal, ownerId: owner, ownerIds: [owner] },
      addressKey,
      limits: { ...limits, bytesPerAddress: 1 + 3 * blackPng(8, 8).length },
    });
  const visitors = await Promise.all(Array.from({ length: 8 }, () => as("a full address")));
  const answers = await Promise.all(visitors.map((url, nth) => send(url, blackPng(8 + nth, 8))));
  const kept = answers.filter(({ uploadId }) => uploadId !== undefined).length;
  expect([2, 3]).toContain(kept);
  expect(answers.filter(({ code }) => code === "QUOTA_EXCEEDED")).toHaveLength(8 - kept);
  expect(answers.find(({ code }) => code === "QUOTA_EXCEEDED")?.message).toMatch(/^The files from your network take/);
  expect(await send(await as("another address"), blackPng(8, 8))).toMatchObject({ mimeType: "image/png" });

  const old = newId();
  await ensureOwner(db.database, { ownerId: old, kind: "account" });
  await db.database.sql`UPDATE owners SET created_at = now() - interval '25 hours' WHERE id = ${old}`;
  expect(await send(await as("a full address", old), blackPng(20, 8))).toMatchObject({ mimeType: "image/png" });
});

test("a disk that fills while a picture is written anew is not taken for a damaged picture", async () => {
  const full: Storage = { ...storage, make: (write) => storage.make(() => write("/dev/full")) };
  const answer = await send(await door({ storage: full }), await red().png().toBuffer());
  expect(answer).toMatchObject({ code: "UNAVAILABLE", message: expect.stringMatching(/no room/) });
  expect(await stored()).toEqual([]);
});

test("an upload that is broken off leaves nothing", async () => {
  const url = new URL(await door());
  const head = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\ncontent-type: ";
  const form =
    'multipart/form-data; boundary=x\r\n\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nhalf';
  for (const request of [`${head}image/png\r\n\r\nhalf`, head + form]) {
    const socket = connect(Number(url.port), url.hostname);
    socket.write(request);
    await expect.poll(stored).toHaveLength(1);
    socket.destroy();
    await expect.poll(stored).toEqual([]);
  }
});

test("an upload whose sender falls silent is given up", async () => {
  const url = new URL(await door({ silenceMs: 50 }));
  const socket = connect(Number(url.port), url.hostname);
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\ncontent-type: image/png\r\n\r\nhalf");
  await new Promise((resolve) => socket.once("close", resolve));
  await expect.poll(stored).toEqual([]);
});

test("a form without a file is refused with what it lacks", async () => {
  const form = new FormData();
  form.append("picture", "none");
  const answer = await (await fetch(await door(), { method: "POST", body: form })).json();
  expect(answer).toMatchObject({ code: "UPLOAD_INVALID", fields: [{ path: "file", message: "is required" }] });
});

test("an address is refused while that is off, and nothing is asked", async () => {
  let asked = 0;
  const { url: source } = await listen((_request, response) => {
    asked += 1;
    response.end();
  });
  const answer = await sendUrl(await door({ isAllowed: () => true }), source);
  expect(answer).toMatchObject({ code: "FORBIDDEN", fields: [{ path: "url" }] });
  expect(asked).toBe(0);
});

test("an address is fetched without anything of ours, through redirects, and taken as an upload is", async () => {
  const png = await red().png().toBuffer();
  const headers: object[] = [];
  const { url: source } = await listen((request, response) => {
    headers.push(request.headers);
    if (request.url === "/picture") response.end(png);
    else response.writeHead(302, { location: "/picture" }).end();
  });
  const url = await door({ byUrl: true, isAllowed: (address) => address === "127.0.0.1" });
  expect(await sendUrl(url, `${source}/away`)).toMatchObject({ mimeType: "image/png", width: 30, height: 20 });
  expect(headers).toHaveLength(2);
  expect(Object.keys(Object.assign({}, ...headers)).sort()).toEqual([
    "accept",
    "accept-encoding",
    "connection",
    "host",
    "user-agent",
  ]);
});

test.each([
  "http://127.0.0.1:1/",
  "http://localhost:1/",
  "http://[::1]:1/",
  "http://[::ffff:127.0.0.1]:1/",
  "http://2130706433:1/",
  "http://0x7f.1:1/",
  "http://169.254.169.254/latest/meta-data/",
])("%s is refused before anything is connected", async (address) => {
  const answer = await sendUrl(await door({ byUrl: true }), address);
  const message = "must lead to a public address.";
  expect(answer).toMatchObject({
    code: "UPLOAD_INVALID",
    fields: [{ path: "url", message: `The address ${message}` }],
  });
});

test.each([
  ["file:///etc/passwd", /http or https/],
  ["ftp://example.com/x", /http or https/],
  ["gopher://example.com/x", /http or https/],
  ["nonsense", /http or https/],
  ["http://", /http or https/],
  ["https://[::1/x", /http or https/],
  ["http://user:secret@example.com/", /user name or password/],
  [7, /The body must be/],
])("%s is refused with its rule", async (address, rule) => {
  const answer = await sendUrl(await door({ byUrl: true }), address);
  expect(answer).toMatchObject({
    code: "UPLOAD_INVALID",
    message: expect.stringMatching(rule),
    fields: [{ path: "url" }],
  });
});

test("a redirect to where nobody may go is refused, as is a fourth one", async () => {
  const { url: inside } = await listen((_request, response) => void response.end("the crown jewels"), "127.0.0.2");
  const { url: source } = await listen((request, response) => {
    const location = request.url === "/in" ? inside : request.url === "/file" ? "file:///etc/passwd" : "/again";
    response.writeHead(307, { location }).end();
  });
  const url = await door({ byUrl: true, isAllowed: (address) => address === "127.0.0.1" });
  expect(await sendUrl(url, `${source}/in`)).toMatchObject({ message: "The address must lead to a public address." });
  expect(await sendUrl(url, `${source}/file`)).toMatchObject({ message: expect.stringMatching(/http or https/) });
  expect(await sendUrl(url, `${source}/again`)).toMatchObject({ message: "The address redirects more than 3 times." });
});

test("what is fetched is held to the limits of an upload, and a server that answers badly is said", async () => {
  const { url: source } = await listen((request, response) => {
    if (request.url === "/large") response.end(Buffer.alloc(MB + 1));
    else if (request.url === "/text") response.end("no picture");
    else if (request.url === "/cut")
      response.writeHead(200, { "content-length": 10 }).write("x", () => response.destroy());
    else response.writeHead(404).end();
  });
  const url = await door({ byUrl: true, isAllowed: (address) => address === "127.0.0.1" });
  expect(await sendUrl(url, `${source}/large`)).toMatchObject({ code: "UPLOAD_TOO_LARGE", fields: [{ path: "url" }] });
  expect(await sendUrl(url, `${source}/text`)).toMatchObject({ code: "UPLOAD_INVALID", fields: [{ path: "url" }] });
  expect(await sendUrl(url, `${source}/cut`)).toMatchObject({ message: "The address could not be reached." });
  expect(await sendUrl(url, `${source}/missing`)).toMatchObject({ message: "The address answered 404." });
  expect(await stored()).toEqual([]);
});
