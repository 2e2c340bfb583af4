import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createGuard } from "../processes/guard.ts";
import { buildWeb } from "./build-web.ts";

/** What a build does to its folder: Next empties it first, and puts the pages there last. */
const builder = `#!${process.execPath}
const { appendFileSync, readdirSync, rmSync, writeFileSync } = require("node:fs");
appendFileSync("builds", "begun ");
for (const name of readdirSync("apps/web/.next")) rmSync("apps/web/.next/" + name, { recursive: true });
setTimeout(() => {
  writeFileSync("apps/web/.next/BUILD_ID", "1");
  appendFileSync("builds", "ended ");
}, 500);
`;

test("of two starts in a checkout without built pages one builds them, and the other says that it waits", async () => {
  const root = await mkdtemp(join(tmpdir(), "darkroom-build-"));
  const guard = createGuard();
  onTestFinished(async () => {
    await guard.close();
    await rm(root, { recursive: true, force: true });
  });
  const bin = join(root, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "turbo"), builder);
  await chmod(join(bin, "turbo"), 0o755);

  const start = async () => {
    const said: string[] = [];
    const { signal } = new AbortController();
    await buildWeb(root, { guard, signal, say: (line) => void said.push(line) });
    return said;
  };
  const [first, second] = await Promise.all([start(), start()]);
  expect(await readFile(join(root, "builds"), "utf8")).toBe("begun ended ");
  expect(first).toEqual([expect.stringMatching(/^Building the pages/), expect.stringMatching(/^Built the pages/)]);
  expect(second).toEqual([`Another start (process ${process.pid}) builds the pages; waiting for it …`]);
});
