import { execFile } from "node:child_process";
import { cp, glob, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import about from "../package.json" with { type: "json" };

const run = promisify(execFile);
const here = join(import.meta.dirname, "..");

test("what is published has every part of the program, also those that are loaded late", async () => {
  await run(process.execPath, [join(here, "build.ts")]);
  const folder = await mkdtemp(join(tmpdir(), "darkroom-package-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for await (const path of glob(["package.json", ...about.files], { cwd: here }))
    await cp(join(here, path), join(folder, path));
  await symlink(join(here, "node_modules"), join(folder, "node_modules"));
  const darkroom = (...args: string[]) =>
    run(process.execPath, [join(folder, about.publishConfig.bin.darkroom), "--api-key", "dk_x", ...args]);
  expect((await darkroom("--version")).stdout).toBe(`${about.version}\n`);
  await expect(darkroom("mcp", "--http", "x")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("a port"),
  });
});
