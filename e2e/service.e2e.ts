import * as childProcess from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AppRouter } from "@darkroom/api";
import { createDarkroomClient, type JobHandle } from "@darkroom/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import { pixelHash } from "../apps/worker/src/testing/png.ts";
import { freePort } from "../scripts/processes/ports.ts";
import { signUp } from "../scripts/testing/sign-up.ts";
import { expect, test } from "./fixtures.ts";

const execFile = promisify(childProcess.execFile);

const socketUrl = (address: string): string => `${address.replace("http", "ws")}/ws`;

test("a service with an API key submits, follows and gets the picture in ten lines", async ({ address, setStepMs }) => {
  // Whoever comes a second late sees steps too.
  await setStepMs(600);
  const apiKey = await signUp(address);
  const inputs = { prompt: "a pier", width: 256, height: 256, steps: 6 };
  const messages: string[] = [];

  const darkroom = createDarkroomClient({ url: address, apiKey });
  const job = await darkroom.submit({ workflow: "text-to-image", inputs });
  for await (const event of job.events()) if (event.type === "job.progressed") messages.push(event.message);
  const { state, outputs } = await job.wait();
  const [output] = outputs;
  if (output === undefined) throw new Error(`a job that is ${state} has no output`);
  const picture = Buffer.from(await (await job.download(output)).arrayBuffer());
  await darkroom.close();

  expect(state).toBe("succeeded");
  expect(messages.some((message) => /^Step \d\/6$/.test(message))).toBe(true);
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  expect(picture.byteLength).toBe(output.sizeBytes);
});

test("a job that runs again is the same picture to the last pixel, and nothing is said to differ", async ({
  address,
  product,
  request,
}) => {
  const darkroom = createDarkroomClient({ url: address, apiKey: await signUp(address) });
  const pixelsOf = async (job: JobHandle): Promise<string> => {
    const [output] = (await job.wait()).outputs;
    if (output === undefined) throw new Error("there is no picture");
    return pixelHash(Buffer.from(await (await job.download(output)).arrayBuffer()));
  };
  const inputs = { prompt: "a pier at night", width: 256, height: 256, steps: 4 };
  const first = await darkroom.submit({ workflow: "text-to-image", inputs });
  const pixels = await pixelsOf(first);
  await request.post(`${product.simulatorUrl}/free`, { data: { unload_models: true, free_memory: true } });
  expect((await darkroom.trpc.job.drift.query({ jobId: first.jobId })).differences).toEqual([]);
  const { jobId } = await darkroom.trpc.job.rerun.mutate({ jobId: first.jobId });
  expect(await pixelsOf(darkroom.job(jobId ?? ""))).toBe(pixels);
  const [then, now] = await Promise.all(
    [first.jobId, jobId ?? ""].map((id) => darkroom.trpc.job.provenance.query({ jobId: id })),
  );
  expect(now?.nodes.every(({ isCached }) => !isCached)).toBe(true);
  expect(now?.seeds).toEqual(then?.seeds);
  expect(JSON.stringify(now?.graph).replaceAll(jobId ?? "", "")).toBe(
    JSON.stringify(then?.graph).replaceAll(first.jobId, ""),
  );
  await darkroom.close();
});

test("any tRPC client may ask, change and follow over one socket", async ({ address }) => {
  const headers = { authorization: `Bearer ${await signUp(address)}` };
  class KeyedSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers });
    }
  }
  const socket = createWSClient({ url: socketUrl(address), WebSocket: KeyedSocket as never });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });

  const pong = await client.system.ping.query({ text: "marco" });
  expect(pong).toMatchObject({ message: "Hello from server!", echo: "marco" });
  const { jobId } = await client.job.submit.mutate({ workflow: "test-card", inputs: { width: 64, height: 64 } });
  const last = await new Promise((resolve, reject) => {
    client.job.onEvent.subscribe(
      { jobId: jobId ?? "" },
      {
        onData: ({ data }) => {
          const ends = [...data.events, ...(data.jobs ?? []).map(({ state }) => ({ type: `job.${state}` }))];
          const end = ends.find(({ type }) => /succeeded|failed|canceled/.test(type));
          if (end !== undefined) resolve(end.type);
        },
        onError: reject,
      },
    );
  });
  expect(last).toBe("job.succeeded");
  await socket.close();
});

test("a blocking call answers with the finished job", async ({ address, request }) => {
  const response = await request.post("/api/generate", {
    headers: { authorization: `Bearer ${await signUp(address)}` },
    data: { workflow: "test-card", inputs: { width: 128, height: 64 } },
  });
  expect(response.status()).toBe(200);
  expect(await response.json()).toMatchObject({ state: "succeeded", outputs: [{ width: 128, height: 64 }] });
});

test("in a terminal: submit and watch, fetch the picture, and end as the job did", async ({ address }) => {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-cli-"));
  const env = { PATH: process.env.PATH, DARKROOM_URL: address, DARKROOM_CONFIG: join(folder, "config.json") };
  const darkroom = async (...args: string[]) => {
    const main = join(import.meta.dirname, "../packages/cli/src/main.ts");
    const run = execFile(process.execPath, [main, ...args], { env: { ...env, ...account, ...key } });
    return run.then(({ stdout, stderr }) => ({ code: 0, stdout, stderr })).catch((error: typeof failed) => error);
  };
  const failed = { code: 1, stdout: "", stderr: "" };
  const account = { DARKROOM_EMAIL: `${crypto.randomUUID()}@example.com`, DARKROOM_PASSWORD: crypto.randomUUID() };
  const key: { DARKROOM_API_KEY?: string } = {};
  await fetch(`${address}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: address },
    body: JSON.stringify({ name: "Ada", email: account.DARKROOM_EMAIL, password: account.DARKROOM_PASSWORD }),
  });

  const login = await darkroom("login");
  expect(login).toMatchObject({ code: 0 });
  expect((await stat(env.DARKROOM_CONFIG)).mode & 0o777).toBe(0o600);
  expect(login.stdout + login.stderr).not.toMatch(/dk_\w{20}/);
  // Long enough to be watched: of a job that has ended there is only its end to say.
  const inputs = ["-i", "prompt=a pier", "width=64", "height=64", "steps=20"];
  const shown = await darkroom("submit", "text-to-image", ...inputs, "--watch", "--download", folder, "--json");
  const lines = shown.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type?: string; state?: string; jobId: string });
  expect(lines.map(({ type }) => type)).toContain("job.succeeded");
  const [job = { jobId: "" }] = lines.slice(-1);
  expect(job).toMatchObject({ state: "succeeded", outputs: [{ width: 64 }] });
  expect(shown.code).toBe(0);
  expect((await readFile(shown.stderr.trim())).subarray(1, 4).toString()).toBe("PNG");
  const elsewhere = await darkroom("download", job.jobId, "--dir", join(folder, "again"), "--json");
  const [file] = (JSON.parse(elsewhere.stdout) as { files: { path: string }[] }).files;
  expect(await readFile(file?.path ?? "")).toEqual(await readFile(shown.stderr.trim()));

  expect((await darkroom("types")).stdout).toContain('readonly "text-to-image": {');
  const wrong = await darkroom("submit", "test-card", "--inputs", '{"size":1}', "--json");
  expect(wrong.code).toBe(1);
  expect(JSON.parse(wrong.stderr)).toMatchObject({
    error: { code: "INPUT_INVALID", fields: [{ path: "inputs.size" }] },
  });
  key.DARKROOM_API_KEY = `dk_${"x".repeat(43)}`;
  expect(await darkroom("wait", job.jobId)).toMatchObject({ code: 1 });
  await rm(folder, { recursive: true });
});

for (const transport of ["the standard streams", "HTTP"] as const) {
  test(`a language model lists workflows, generates and sees the picture, over ${transport}`, async ({ address }) => {
    const port = await freePort();
    // As `pnpm darkroom` runs it.
    const bootstrap = join(import.meta.dirname, "../scripts/bootstrap.mjs");
    const env = { PATH: process.env.PATH ?? "", DARKROOM_URL: address, DARKROOM_API_KEY: await signUp(address) };
    const client = new Client({ name: "test", version: "1" });
    const args = [bootstrap, "darkroom", "mcp", ...(transport === "HTTP" ? ["--http", String(port)] : [])];
    const served = transport === "HTTP" ? childProcess.spawn(process.execPath, args, { env, stdio: "ignore" }) : null;
    const overHttp = () => new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`));
    if (served === null) await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
    else await expect(async () => client.connect(overHttp() as Transport)).toPass();

    const { tools } = await client.listTools();
    const card = tools.find(({ name }) => name === "generate_test_card");
    expect(card?.inputSchema).toMatchObject({
      properties: { width: { type: "integer" } },
      additionalProperties: false,
    });
    const made = await client.callTool({ name: "generate_test_card", arguments: { width: 64, height: 64 } });
    const [text, picture] = made.content as { type: string; text: string; mimeType: string }[];
    expect(picture).toMatchObject({ type: "image", mimeType: "image/webp" });
    const { jobId, outputs } = JSON.parse(text?.text ?? "") as { jobId: string; outputs: { outputId: string }[] };
    const status = await client.callTool({ name: "job_status", arguments: { jobId } });
    expect(JSON.stringify(status.content)).toContain("succeeded");
    const fetched = await client.callTool({ name: "fetch_output", arguments: { outputId: outputs[0]?.outputId } });
    expect(fetched.content).toMatchObject([{ type: "image" }]);
    const wrong = await client.callTool({ name: "generate_test_card", arguments: { size: 1 } });
    expect(wrong).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("inputs.size is not known") }],
    });
    await client.close();
    served?.kill("SIGTERM");
  });
}

/** The blocks of a page of the docs in this language, in their order. */
async function blocksOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, "../docs", page), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, code = ""]) =>
    name === language ? [code] : [],
  );
}

test("every command of the quick start does what it says, one after the other", async ({ address }) => {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-quick-start-"));
  const script = (await blocksOf("QUICKSTART.md", "sh")).join("\n");
  const env = { PATH: process.env.PATH, DARKROOM: address };
  const { stdout } = await execFile("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env });
  expect(stdout).toContain('"status":"completed"');
  expect(stdout).toContain('"method":"connected"');
  for (const name of ["lighthouse.png", "card.png"]) {
    expect((await readFile(join(folder, name))).subarray(1, 4).toString()).toBe("PNG");
  }
  await rm(folder, { recursive: true });
});

test("every command and program of the page for services does what it says", async ({ address }) => {
  const root = join(import.meta.dirname, "..");
  const folder = await mkdtemp(join(tmpdir(), "darkroom-services-"));
  const link = async (from: string, to: string) => {
    await mkdir(join(folder, to, ".."), { recursive: true });
    await symlink(join(root, from), join(folder, to));
  };
  // What a service has installed.
  await mkdir(join(folder, "bin"));
  const run = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "packages/cli/src/main.ts")}" "$@"\n`;
  await writeFile(join(folder, "bin/darkroom"), run, { mode: 0o755 });
  await link("packages/client", "node_modules/@darkroom/client");
  for (const name of ["zod", "standardwebhooks"]) await link(`apps/web/node_modules/${name}`, `node_modules/${name}`);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  const env = {
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    ...{ DARKROOM: address, DARKROOM_URL: address, DARKROOM_API_KEY: await signUp(address) },
  };
  const script = (await blocksOf("services.md", "sh")).join("\n");
  const { stdout } = await execFile("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env });
  expect(stdout).toContain('"type":"x.shop.paid"');
  expect(await readFile(join(folder, "workflows.d.ts"), "utf8")).toContain('readonly "test-card": {');
  expect(await readdir(join(folder, "pictures"))).toHaveLength(1);
  const told = (await blocksOf("services.md", "ts")).map(async (program, index) => {
    const path = join(folder, `program-${index}.ts`);
    await writeFile(path, program);
    return (await execFile(process.execPath, [path], { cwd: folder, env })).stdout;
  });
  expect((await Promise.all(told)).join("")).toBe("order 17 is paid\n");
  await rm(folder, { recursive: true });
});

test("in a page of our own the client is the visitor that its cookie says", async ({ page, address }) => {
  const { rolldown } = createRequire(join(import.meta.dirname, "../packages/client/package.json"))(
    "rolldown",
  ) as typeof import("../packages/client/node_modules/rolldown/dist/index.mjs");
  const bundle = await rolldown({
    input: join(import.meta.dirname, "../packages/client/src/index.ts"),
    platform: "browser",
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await bundle.generate({ format: "iife", name: "darkroom" });
  await bundle.close();
  await page.goto("/");
  await page.evaluate(`${output[0].code}; globalThis.darkroom = darkroom`);
  const ended = await page.evaluate(async (url) => {
    const { darkroom } = globalThis as unknown as { darkroom: { createDarkroomClient: typeof createDarkroomClient } };
    const client = darkroom.createDarkroomClient({ url });
    const types: string[] = [];
    const submission = client.submit({ workflow: "test-card", inputs: { width: 64, height: 64 } });
    for await (const { type } of submission) types.push(type);
    const { state, outputs } = await (await submission).wait();
    const [file = { url: "" }] = outputs;
    const { status } = await (await submission).download(file);
    await client.close();
    // A browser's sockets carry no key: it is said at once, and not by a connection that never opens.
    let why = "";
    try {
      darkroom.createDarkroomClient({ url, apiKey: "dk_x" });
    } catch (error) {
      why = String(error);
    }
    return { end: types.at(-1), state, status, why };
  }, address);
  const why = expect.stringContaining("leave apiKey out");
  expect(ended).toEqual({ end: "job.succeeded", state: "succeeded", status: 200, why });
});

test("the quick start's lines for a browser's console tell of the job", async ({ page }) => {
  await page.goto("/");
  const told = page.waitForEvent("console", async (message) => {
    const [first] = message.args();
    const progress = (await first?.jsonValue().catch(() => null)) as { status?: string } | null;
    return progress?.status === "completed";
  });
  const [lines = ""] = await blocksOf("QUICKSTART.md", "js");
  await page.evaluate(`(async () => { ${lines} })()`);
  await told;
});

test("an unknown API key is refused, over HTTP and before a socket is accepted", async ({ address, request }) => {
  const headers = { authorization: `Bearer dk_${"x".repeat(43)}` };
  expect((await request.get("/api/trpc/job.list", { headers })).status()).toBe(401);
  expect(await refusalOf(new WebSocket(socketUrl(address), { headers }))).toContain("401");
});

for (const origin of ["https://evil.example", "null", undefined]) {
  test(`a socket with a guest's cookie and the origin ${origin} is refused`, async ({ address, request }) => {
    const visit = await request.get("/api/trpc/session.me");
    const cookie = visit.headers()["set-cookie"]?.split(";")[0] ?? "";
    const headers = { cookie, ...(origin === undefined ? {} : { origin }) };
    expect(await refusalOf(new WebSocket(socketUrl(address), { headers }))).toContain("403");
  });
}

/** Why a socket was not accepted. */
function refusalOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once("error", ({ message }) => resolve(message));
    socket.once("open", () => reject(new Error("the socket was accepted")));
  });
}
