import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect, vi } from "vitest";
import { freePort } from "./processes/ports.ts";
import { type Launched, launch } from "./testing/launch.ts";
import { familyOf, survivors } from "./testing/processes.ts";

/** Covers a build of the pages, when they have changed since the last. */
const bootMs = 240_000;

/** A test with a data folder and ports of its own and a way to start on them, so that starts can run beside each other. */
const test = base.extend("setup", ({ onTestFinished }) => async () => {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-start-"));
  await chmod(folder, 0o711);
  const env: NodeJS.ProcessEnv = {
    PORT: String(await freePort()),
    WORKER_PORT: String(await freePort()),
    SIMULATOR_PORT: String(await freePort()),
    DATA_DIR: folder,
  };
  const started: Launched[] = [];
  onTestFinished(async () => {
    for (const one of started) {
      one.child.kill("SIGTERM");
      await one.exited;
    }
    await rm(folder, { recursive: true, force: true });
  });
  const start = (changes: NodeJS.ProcessEnv = {}, command?: string[]) => {
    const one = launch({ ...env, ...changes }, command);
    started.push(one);
    return one;
  };
  const isReady = async () => {
    const answer = await fetch(`http://127.0.0.1:${env.PORT}/api/ready`).catch(() => null);
    await answer?.body?.cancel();
    return answer?.status === 200;
  };
  return { env, folder, start, isReady };
});

function pidOf({ child }: Launched): number {
  if (child.pid === undefined) throw new Error("it did not start");
  return child.pid;
}

describe.concurrent("npm start", () => {
  test("a start serves, brings back what is killed, refuses a second one, and SIGTERM ends it with status 0", {
    timeout: bootMs,
  }, async ({ setup }) => {
    const { folder, env, start, isReady } = await setup();
    const first = start();
    const [, address] = await first.printed(/ready at (\S+)/);
    expect(address).toBe(`http://localhost:${env.PORT}`);
    await first.printed(/ComfyUI +simulator/);
    expect(await isReady()).toBe(true);
    const { mode } = await stat(join(folder, "auth-secret"));
    expect(mode & 0o777).toBe(0o600);

    const commands = [...familyOf(pidOf(first)).values()].join("\n");
    for (const part of ["web.mjs", "worker.mjs", "simulator.mjs", "postgres"]) expect(commands).toContain(part);
    expect(commands).toMatch(/redis|valkey/);

    const second = start({ PORT: String(await freePort()) });
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/^darkroom: another start \(process \d+\) is already using .*$/m);

    for (const [name, part] of [
      ["worker", "worker.mjs"],
      ["postgres", "/bin/postgres"],
    ] as const) {
      const [pid] = [...familyOf(pidOf(first))].find(([, command]) => command.includes(part)) ?? [];
      // Without a pid it would be 0, which is everything that was started with these tests.
      if (pid === undefined) throw new Error(`no ${name} among the processes`);
      process.kill(pid, "SIGKILL");
      await first.printed(new RegExp(`${name} ended \\(SIGKILL\\); starting it again`));
      await vi.waitFor(() => {
        const again = [...familyOf(pidOf(first))].some(([other, command]) => other !== pid && command.includes(part));
        expect(again).toBe(true);
      }, 30_000);
    }
    await vi.waitFor(async () => expect(await isReady()).toBe(true), 30_000);

    const family = familyOf(pidOf(first));
    first.child.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    await vi.waitFor(() => expect(survivors(family)).toEqual([]), 30_000);
  });

  test("Ctrl-C, which reaches the bootstrap twice, ends everything with status 0; a password for ComfyUI was the worker's alone", {
    timeout: bootMs,
  }, async ({ setup }) => {
    const { start } = await setup();
    const secret = "a-password-of-comfyui";
    const started = start({ COMFYUI_URLS: `http://me:${secret}@127.0.0.1:9` }, ["scripts/bootstrap.mjs", "start"]);
    await started.printed(/ready at/);
    const family = familyOf(pidOf(started));
    // Only the worker calls ComfyUI, so nobody else is told how.
    const knows = (part: string) => {
      const [pid] = [...family].find(([, command]) => command.includes(part)) ?? [];
      return existsSync(`/proc/${pid}/environ`) ? readFileSync(`/proc/${pid}/environ`, "utf8").includes(secret) : null;
    };
    expect([true, null]).toContain(knows("worker.mjs"));
    expect([false, null]).toContain(knows("web.mjs"));
    expect(started.output()).not.toContain(secret);
    process.kill(-pidOf(started), "SIGINT");
    process.kill(pidOf(started), "SIGINT");
    expect(await started.exited).toBe(0);
    expect(started.output().match(/Stopping/g)).toHaveLength(1);
    await vi.waitFor(() => expect(survivors(family)).toEqual([]), 30_000);
  });

  test("a bootstrap whose parent is gone ends everything", { timeout: bootMs }, async ({ setup }) => {
    const { start } = await setup();
    const started = start({}, ["scripts/bootstrap.mjs", "start"]);
    await started.printed(/Starting/);
    const family = familyOf(pidOf(started));
    started.child.disconnect();
    expect(await started.exited).toBe(0);
    await vi.waitFor(() => expect(survivors(family)).toEqual([]), 30_000);
  });

  test("a killed launcher leaves nothing behind, and the next start finds its data", { timeout: bootMs }, async ({
    setup,
  }) => {
    const { start, isReady } = await setup();
    const killed = start();
    await killed.printed(/ready at/);
    const family = familyOf(pidOf(killed));
    killed.child.kill("SIGKILL");
    await vi.waitFor(() => expect(survivors(family)).toEqual([]), 30_000);

    const next = start();
    await next.printed(/ready at/);
    expect(await isReady()).toBe(true);
  });

  test("a stop in the middle of a start ends with status 0", { timeout: bootMs }, async ({ setup }) => {
    const { start } = await setup();
    const started = start();
    await started.printed(/Starting/);
    const family = familyOf(pidOf(started));
    started.child.kill("SIGINT");
    expect(await started.exited).toBe(0);
    await vi.waitFor(() => expect(survivors(family)).toEqual([]), 30_000);
  });

  test("a taken port is said before anything starts", async ({ setup, onTestFinished }) => {
    const { env, start } = await setup();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(Number(env.PORT), "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const refused = start();
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toContain(`darkroom: PORT: port ${env.PORT} of 127.0.0.1 is taken`);
  });

  test.for<[NodeJS.ProcessEnv, RegExp]>([
    [{ PORT: "abc" }, /^darkroom: PORT: .+$/],
    [{ LEASE_SECONDS: "-1" }, /^darkroom: LEASE_SECONDS: .+$/],
    [{ SIMULATOR_PORT: "70000" }, /^darkroom: SIMULATOR_PORT: must be a whole number from 1 to 65535$/],
    [{ COMFYUI_URLS: "ftp://gpu" }, /^darkroom: COMFYUI_URLS: .+$/],
  ])("%o names itself and its rule on one line", async ([changes, expected], { setup }) => {
    const { start } = await setup();
    const refused = start(changes);
    expect(await refused.exited).toBe(1);
    expect(refused.output().trim()).toMatch(expected);
  });

  test.for([
    ["DATABASE_URL", "postgres://127.0.0.1:1/none", "Postgres"],
    ["REDIS_URL", "redis://127.0.0.1:1", "Redis"],
  ])("an unreachable %s is said on one line", async ([variable = "", url, name], { setup }) => {
    const { start } = await setup();
    const refused = start({ [variable]: url });
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toContain(`darkroom: ${variable}: can't reach ${name} at 127.0.0.1:1 (ECONNREFUSED)`);
  });
});
