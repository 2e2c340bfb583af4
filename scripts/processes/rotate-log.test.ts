import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { rotateLog } from "./rotate-log.ts";

function logFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "darkroom-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "web.log");
}

test("a log that grew is kept as the one before, and a process that has it open goes on in the empty file", async () => {
  const file = logFile();
  const open = openSync(file, "a");
  onTestFinished(() => closeSync(open));
  onTestFinished(rotateLog(file, { maxBytes: 100, everyMs: 1 }));
  writeSync(open, "x".repeat(101));
  await expect.poll(() => statSync(file).size).toBe(0);
  writeSync(open, "next");
  expect([readFileSync(`${file}.1`, "utf8"), readFileSync(file, "utf8")]).toEqual(["x".repeat(101), "next"]);
});

test("a log that grew before the start is rotated then, and one that did not is left as it is", () => {
  const file = logFile();
  appendFileSync(file, "x".repeat(100));
  rotateLog(file, { maxBytes: 100 })();
  expect(statSync(file).size).toBe(100);
  rotateLog(file, { maxBytes: 99 })();
  expect(statSync(file).size).toBe(0);
});
