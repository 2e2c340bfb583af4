import { finish } from "@darkroom/api/testing/setup";
import { describe, test } from "vitest";
import { picture, serve } from "./testing/serve.ts";

// Each waits for as long as a service does that hears nothing.
describe.concurrent("a service that hears nothing", () => {
  test("a connection that has gone silent is noticed within ten seconds, and nothing of the job is missed", async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const { api, client, hang, upgrades } = await serve({ onFinished });
    const handle = await client.submit(picture);
    const end = handle.wait();
    await expect.poll(() => api.hub.stats().subscriptions).toBe(1);
    const silentSince = performance.now();
    hang();
    await expect.poll(upgrades, { timeout: 15_000 }).toBe(2);
    // The first wait before it reconnects is part of it.
    expect(performance.now() - silentSince).toBeLessThan(10_000 + 1500);
    await finish(api, handle.jobId);
    expect((await end).state).toBe("succeeded");
  });

  test("a server that takes a connection and never answers is asked again within ten seconds", async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const { api, client, upgrades } = await serve({ unanswered: 1, onFinished });
    const handle = await client.submit(picture);
    const end = handle.wait();
    await expect.poll(upgrades, { timeout: 10_000 + 1500 }).toBe(2);
    await finish(api, handle.jobId);
    expect((await end).state).toBe("succeeded");
  });

  test("an operator's handle follows somebody else's job", async ({ expect, onTestFinished: onFinished }) => {
    const { api, client } = await serve({ role: "operator", onFinished });
    const { jobId } = await api.as(await api.account()).job.submit(picture);
    const handle = client.job(jobId ?? "");
    const end = handle.wait();
    await expect.poll(() => api.hub.stats().subscriptions).toBe(1);
    // The wait has read it by then, and the feed, which is the operator's own, will not tell of it.
    await handle.view();
    await finish(api, jobId ?? "");
    expect(await end).toMatchObject({ state: "succeeded" });
  });
});
