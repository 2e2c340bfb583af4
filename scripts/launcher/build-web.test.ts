import { writeFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createGuard } from "../processes/guard.ts";
import { buildWeb } from "./build-web.ts";

/** What a build does to its folder: Next empties it first, and puts the pages there last, here once it may end. */
const builder = `#!${process.execPath}
const { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } = require("node:fs");
appendFileSync("builds", "begun ");
for (const name of readdirSync("apps/web/.next")) rmSync("apps/web/.next/" + name, { recursive: true });
const ending = setInterval(() => {
  if (!existsSync("may-end")) return;
  clearInterval(ending);
  writeFileSync("apps/web/.next/BUILD_ID", "1");
  appendFileSync("builds", "ended ");
}, 20);
`;

test("of two starts in a checkout without built pages one builds them and says that it goes on, and the other says that it waits", async () => {
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

  const all: string[] = [];
  const start = async () => {
    const said: string[] = [];
    const { signal } = new AbortController();
    const say = (line: string) => {
      said.push(line);
      all.push(line);
      const isHeard = [/^ {2}still building, 2 s/, /^Another start/].every((heard) =>
        all.some((one) => heard.test(one)),
      );
      if (isHeard) writeFileSync(join(root, "may-end"), "");
    };
    await buildWeb(root, { guard, signal, say });
    return said;
  };
  const [first, second] = await Promise.all([start(), start()]);
  expect(await readFile(join(root, "builds"), "utf8")).toBe("begun ended ");
  expect([first[0], first[1], first.at(-1)]).toEqual([
    expect.stringMatching(/^Building the pages/),
    expect.stringMatching(/^ {2}still building, 2 s/),
    expect.stringMatching(/^Built the pages/),
  ]);
  expect(second).toEqual([`Another start (process ${process.pid}) builds the pages; waiting for it …`]);
});
