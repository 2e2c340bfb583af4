import type { AlertChange, TaskReport } from "@darkroom/contracts";
import { changeAlerts, listAlerts } from "@darkroom/db";
import { instanceReport } from "@darkroom/queue/testing";
import { expect, test } from "vitest";
import type { AlertsData } from "../answers/index.ts";
import { setup } from "../testing/setup.ts";
import { mergeTasks } from "./monitor-overview.ts";

test("operators are told the alerts that last, then each change, and whoever comes back only what they missed", async () => {
  const api = await setup();
  const operator = await api.account("operator");
  const raise = { to: "raise", severity: "critical", message: "It is so.", value: 1 } as const;
  const { raised } = await changeAlerts(api.database, () => [{ rule: "no-worker", subject: "", ...raise }]);
  const stop = new AbortController();
  const caller = api.as(operator, { signal: stop.signal });
  const read = async (lastEventId?: string) => {
    const feed = await caller.monitor.onAlert({ lastEventId });
    const values = feed[Symbol.asyncIterator]() as AsyncIterator<readonly [string, AlertsData, symbol]>;
    return async (): Promise<readonly [string, AlertsData, symbol]> => (await values.next()).value;
  };
  const next = await read();
  const [, first] = await next();
  expect(first).toEqual({ changes: [], open: raised });

  const [alertId = ""] = raised.map((alert) => alert.alertId);
  await caller.alert.acknowledge({ alertId });
  const [cursor, second] = await next();
  const acknowledged: Partial<AlertChange> = { change: "acknowledged" };
  expect(second).toMatchObject({ changes: [{ ...acknowledged, alert: { acknowledgedBy: operator.ownerId } }] });
  await caller.alert.silence({ rule: "no-worker", minutes: 10 });
  const again = await read(cursor);
  expect((await again())[1]).toMatchObject({ changes: [{ change: "silenced" }] });
  expect((await caller.alert.list({ open: true })).items).toMatchObject([
    { alertId, silencedUntil: expect.any(String) },
  ]);
  await caller.alert.silence({ rule: "no-worker", minutes: 0 });
  expect((await listAlerts(api.database, { open: true, limit: 5 })).items).toMatchObject([{ silencedUntil: null }]);
  stop.abort();
});

test("what operators do is written down with who, when and why it was refused; what guests do is not", async () => {
  const api = await setup();
  const [operator, admin] = [await api.account("operator"), await api.account("admin")];
  await api.as(operator, { requestId: "a click" }).queue.pause();
  await expect(api.as(operator).user.setRole({ ownerId: admin.ownerId, role: "member" })).rejects.toThrow();
  await expect(api.as(api.guest()).queue.pause()).rejects.toThrow();
  await api.as(operator).queue.discard({ jobIds: [admin.ownerId] });
  const { items } = await api.as(admin).audit.list();
  expect(
    items.map(({ ownerId, action, refused, requestId }) => [ownerId === operator.ownerId, action, refused, requestId]),
  ).toEqual([
    [true, "queue.discard", null, null],
    [true, "user.setRole", "FORBIDDEN", null],
    [true, "queue.pause", null, "a click"],
  ]);
  expect(items[1]?.input).toEqual({ ownerId: admin.ownerId, role: "member" });
  await expect(api.as(operator).audit.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("everyone is told what an operator has to say, until it is over or taken back", async () => {
  const api = await setup();
  const caller = api.as(await api.account("operator"));
  const told = async () => (await api.as(api.guest()).system.info()).notice?.message ?? null;
  await caller.notice.broadcast({ message: " We restart at noon. ", minutes: 10 });
  expect(await told()).toBe("We restart at noon.");
  await api.database.sql`UPDATE settings SET value = value || jsonb_build_object('until', now() - interval '1 second')`;
  expect(await told()).toBeNull();
  await caller.notice.broadcast({ message: "Until I say so." });
  expect(await told()).toBe("Until I say so.");
  await caller.notice.broadcast({ message: null });
  expect(await told()).toBeNull();
  await expect(api.as(await api.account()).notice.broadcast({ message: "x" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});

test("the stored minutes are answered as a chart shows them", async () => {
  const api = await setup();
  const operator = await api.account("operator");
  expect(await api.as(operator).monitor.metrics({ range: "7d" })).toEqual({
    ...{ range: "7d", stepSeconds: 3600, points: [] },
    whole: {
      ...{ succeeded: 0, failed: 0, canceled: 0, failureRate: null },
      ...{ wait: { p50: null, p95: null }, run: { p50: null, p95: null } },
    },
  });
});

test("a task is told once, as the process that ran it last tells it, with the last error of any", () => {
  const task = (lastRunAt: string | null, error?: string): TaskReport => ({
    ...{ name: "alerts", lastRunAt, nextRunAt: lastRunAt && `${lastRunAt}+5` },
    lastError: error === undefined ? null : { message: error, at: error },
  });
  const merged = mergeTasks([
    instanceReport("A", { tasks: [task("10", "1")] }),
    instanceReport("B", { tasks: [task("20")] }),
    instanceReport("C", { tasks: [task(null)] }),
  ]);
  const lastError = { message: "1", at: "1" };
  expect(merged).toEqual([{ name: "alerts", instanceId: "B", lastRunAt: "20", nextRunAt: "10+5", lastError }]);
});
