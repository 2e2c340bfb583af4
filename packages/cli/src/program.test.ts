import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import about from "../package.json" with { type: "json" };
import type { Tools } from "./commands/run.ts";
import { openBlob } from "./input/input-files.ts";
import { createProgram, runProgram } from "./program.ts";

/** An address at which nobody listens any more. */
const away = await new Promise<string>((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(`http://127.0.0.1:${port}`));
  });
});

const environment = { url: away, apiKey: "dk_x", email: "a@b.c", password: "p", configPath: "/no/such/config" };

/** Runs a command where nobody can be asked and no server answers. */
const darkroom = (...args: string[]) => darkroomWith(environment, ...args);

async function darkroomWith(env: Tools["env"], ...args: string[]) {
  const lines = { out: [] as string[], err: [] as string[] };
  let code = 0;
  const tools = {
    terminal: {
      out: (line: string) => void lines.out.push(line),
      err: (line: string) => void lines.err.push(line),
      progress: () => undefined,
      ask: () => Promise.reject(new Error("nobody is asked")),
    },
    env,
    exit: (given: number) => {
      code = given;
    },
  };
  await runProgram(createProgram(tools), args, tools);
  return { code, ...lines };
}

test.each<[string[], number, object]>([
  [["submit"], 2, { code: "INPUT_INVALID", message: "missing required argument 'workflow'" }],
  [["keys", "revoke"], 2, { code: "INPUT_INVALID", message: "missing required argument 'apiKeyId'" }],
  [["bogus"], 2, { code: "INPUT_INVALID", message: "unknown command 'bogus'" }],
  [["wait", "x", "--timeout", "soon"], 2, { code: "INPUT_INVALID", fields: [{ path: "timeout" }] }],
  [["mcp", "--http", "x"], 2, { code: "INPUT_INVALID", fields: [{ path: "http" }] }],
  [["import", "/no/such/file"], 2, { code: "INPUT_INVALID", fields: [{ path: "file" }] }],
  [["workflows", "--url", "nonsense"], 2, { code: "INPUT_INVALID", fields: [{ path: "url" }] }],
  [["workflows"], 1, { code: "UNAVAILABLE", message: expect.stringContaining(`${away} (ECONNREFUSED)`) }],
  [["keys", "list"], 1, { code: "UNAVAILABLE", message: expect.stringContaining(`${away} (ECONNREFUSED)`) }],
])("with --json, %j ends with %d and says why in the envelope of REST", async (args, code, error) => {
  const ended = await darkroom(...args, "--json");
  expect(ended.code).toBe(code);
  expect(ended.err).toHaveLength(1);
  expect(JSON.parse(ended.err[0] ?? "")).toMatchObject({ error });
});

test("without --json a mistake is told with the command's help", async () => {
  const { code, err } = await darkroom("submit");
  expect(code).toBe(2);
  expect(err.join("\n")).toMatch(/missing required argument 'workflow'[\s\S]*Usage: darkroom submit/);
});

test("it says which version it is", async () => {
  expect(await darkroom("--version")).toEqual({ code: 0, out: [about.version], err: [] });
});

test.each<[string | undefined, string]>([
  [undefined, "is required: sign in with darkroom login, or set DARKROOM_API_KEY"],
  ["dk_one\ndk_two", "must be a key as it was shown, in one piece"],
])("the key %j is refused before anybody is asked, with what to do", async (apiKey, message) => {
  const { code, err } = await darkroomWith({ ...environment, apiKey }, "workflows", "--json");
  expect(code).toBe(2);
  expect(JSON.parse(err[0] ?? "")).toMatchObject({ error: { fields: [{ path: "api-key", message }] } });
});

test.each(["{", "null", "[]7", '{"url":5}'])("a config file that holds %s is named, with what to do", async (text) => {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-config-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const configPath = join(folder, "config.json");
  await writeFile(configPath, text);
  const { code, err } = await darkroomWith({ ...environment, configPath }, "workflows");
  expect([code, err.join()]).toEqual([2, expect.stringMatching(`${configPath} .*darkroom login`)]);
});

test("a reader who leaves ends the program quietly", async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "--help"]);
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  expect([await once(child, "close"), said]).toEqual([[141, null], ""]);
});

test("a folder where a file is meant is told as what the system says of it", async () => {
  await expect(openBlob(tmpdir())).rejects.toMatchObject({ code: "EISDIR" });
});
