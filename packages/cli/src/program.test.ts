import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createProgram, runProgram } from "./program.ts";

/** An address at which nobody listens any more. */
const away = await new Promise<string>((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(`http://127.0.0.1:${port}`));
  });
});

/** Runs a command where nobody can be asked and no server answers. */
async function darkroom(...args: string[]) {
  const lines = { out: [] as string[], err: [] as string[] };
  let code = 0;
  const tools = {
    terminal: {
      out: (line: string) => void lines.out.push(line),
      err: (line: string) => void lines.err.push(line),
      progress: () => undefined,
      ask: () => Promise.reject(new Error("nobody is asked")),
    },
    env: { url: away, apiKey: "dk_x", email: "a@b.c", password: "p", configPath: "/no/such/config" },
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
