import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { watchUntil } from "./starting.ts";

const program = (text: string) => spawn(process.execPath, ["-e", text], { stdio: ["ignore", "pipe", "pipe"] });

test("a start is watched until its line, and its longest silence is told", async () => {
  const spoken = `console.log("one"); setTimeout(() => { console.error("ready at once"); process.stdin.resume() }, 300)`;
  const { ready, silence, child } = await watchUntil(program(spoken), /ready at/);
  child.kill();
  expect(silence).toBeGreaterThanOrEqual(0.29);
  expect(ready).toBeGreaterThanOrEqual(silence);
});

test("a start that ends before its line is an error that says what was printed", async () => {
  await expect(watchUntil(program(`console.log("no disk")`), /ready at/)).rejects.toThrow("no disk");
});
