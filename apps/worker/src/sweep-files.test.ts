import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { newId } from "@darkroom/contracts";
import { createUpload, ensureOwner, leadsFileSweep, removeUpload } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { createStorage } from "@darkroom/storage";
import { expect, inject, onTestFinished, test } from "vitest";
import { sweepFiles } from "./sweep-files.ts";

const settings = { fileSweepSeconds: 600, unnamedFileSeconds: 3600 };

test("a file goes when no row names it and it is older than an hour, with the copies made of it", async () => {
  const { database, drop } = await createTestDatabase(inject("postgresUrl"));
  const folder = await mkdtemp(join(tmpdir(), "darkroom-sweep-"));
  onTestFinished(async () => {
    await drop();
    await rm(folder, { recursive: true });
  });
  const storage = createStorage({ STORAGE_URL: pathToFileURL(folder).href });
  const put = async (text: string) => (await storage.put([Buffer.from(text)], { maxBytes: 100 })).storageKey;
  const ageBy = async (key: string, minutes: number) => {
    const at = new Date(Date.now() - minutes * 60_000);
    await utimes(join(folder, key), at, at);
  };
  const sweep = () => sweepFiles({ database, storage, settings });
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of storage.list()) found.push(...page.map(({ storageKey }) => storageKey));
    return found;
  };

  const [named, unnamed, young] = [await put("named"), await put("unnamed"), await put("young")];
  const copyOf = async (key: string) => {
    const copy = await storage.make((path) => writeFile(path, "copy"));
    return (await copy.keep(`${key}.w96-webp`)).storageKey;
  };
  const copies = [await copyOf(named), await copyOf(unnamed)];
  for (const key of [named, unnamed, ...copies]) await ageBy(key, 61);
  await ageBy(young, 30);
  const ownerId = newId();
  await ensureOwner(database, { ownerId, kind: "guest" });
  const file = { sha256: "s", storageKey: named, mimeType: "image/png", width: 1, height: 1, sizeBytes: 1 };
  const uploadIds = [newId(), newId()];
  for (const uploadId of uploadIds) await createUpload(database, { uploadId, ownerId, ...file });

  expect(await sweep()).toBe(2);
  expect((await keys()).sort()).toEqual([named, `${named}.w96-webp`, young].sort());
  await removeUpload(database, { uploadId: uploadIds[0] ?? "", ownerIds: null });
  expect(await sweep()).toBe(0);
  await removeUpload(database, { uploadId: uploadIds[1] ?? "", ownerIds: null });
  // Stored again, it is young again: its row may be about to be written.
  expect(await put("named")).toBe(named);
  expect(await sweep()).toBe(1);
  expect((await keys()).sort()).toEqual([named, young].sort());
});

test("of several workers one sweeps at a time", async () => {
  const { database, drop } = await createTestDatabase(inject("postgresUrl"));
  onTestFinished(drop);
  await database.sql`INSERT INTO maintenance (ticked_at, expire_after, swept_at) VALUES (now(), now(), now())`;
  const answers = await Promise.all([1, 2, 3].map(() => leadsFileSweep(database, 600)));
  expect(answers.filter(Boolean)).toHaveLength(1);
});
