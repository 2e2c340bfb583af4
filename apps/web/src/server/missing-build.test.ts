import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { missingBuild } from "./missing-build.ts";

test("pages that were not built, or not to the end, are told in one line that says what to do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-build-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const line = /^the pages are not built: pnpm build builds them, .*$/;
  expect(missingBuild(folder)).toMatch(line);
  await mkdir(join(folder, ".next"));
  expect(missingBuild(folder)).toMatch(line);
  await writeFile(join(folder, ".next", "BUILD_ID"), "x");
  expect(missingBuild(folder)).toBeNull();
});
