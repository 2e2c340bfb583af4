import { describe, expect, vi } from "vitest";
import { test } from "../testing/worker-test.ts";
import { SAVED_AT_ONCE } from "./savings.ts";

vi.setConfig({ testTimeout: 60_000 });

describe.concurrent("while the storage is slow", () => {
  test("the next prompt starts, until as many are saved at once as may be; then nothing more is taken", async ({
    setup,
  }) => {
    const { startWorker, submitBatch, event, storage, simulator, view, database } = await setup({ stepMs: 1 });
    const gate = Promise.withResolvers<void>();
    let [receiving, most] = [0, 0];
    const receive = storage.receive.bind(storage);
    vi.spyOn(storage, "receive").mockImplementation(async (...given) => {
      receiving += 1;
      most = Math.max(most, receiving);
      await gate.promise;
      return receive(...given).finally(() => {
        receiving -= 1;
      });
    });
    // A slot that waits has its own attempt there as well, and a backend has two slots: one that runs and one that is next.
    const bound = SAVED_AT_ONCE + 1;
    const jobs = Array.from({ length: bound + 3 }, (_, index) => ({ prompt: `${index}`, steps: 1 }));
    const leaseSeconds = 1;
    startWorker({ leaseSeconds });
    const jobIds = await submitBatch(jobs);
    await vi.waitFor(() => expect(receiving).toBe(bound), { timeout: 30_000, interval: 20 });
    const leases = async () => {
      const [row] = await database.sql<[{ first: Date; last: Date }]>`
        SELECT min(lease_until) AS first, max(lease_until) AS last FROM jobs WHERE state = 'running'`;
      return { first: row.first.getTime(), last: row.last.getTime() };
    };
    const { last } = await leases();
    // Each was renewed after its first lease would have ended.
    await vi.waitFor(async () => expect((await leases()).first).toBeGreaterThan(last + 2000 * leaseSeconds), {
      timeout: 30_000,
      interval: 50,
    });
    expect(simulator().control.ledger()).toHaveLength(bound);
    gate.resolve();
    await Promise.all(jobIds.map((jobId) => event(jobId, "job.succeeded")));
    expect(most).toBe(bound);
    expect(simulator().control.ledger()).toHaveLength(jobs.length);
    for (const jobId of jobIds) expect(await view(jobId)).toMatchObject({ attempt: 1 });
  });
});
