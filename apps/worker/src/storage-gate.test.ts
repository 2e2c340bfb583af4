import { StorageMisconfigured, StorageUnavailable } from "@darkroom/storage";
import { expect, vi } from "vitest";
import { test as workerTest } from "./testing/worker-test.ts";

const test = workerTest.extend("setupGate", ({ setup }) => async () => {
  const lines: Record<string, unknown>[] = [];
  const bench = await setup({ logTo: (line) => void lines.push(line) });
  const saying = (cause: string) => lines.filter(({ msg }) => String(msg).startsWith(cause));
  return { ...bench, saying };
});
const patience = { timeout: 15_000, interval: 20 };

test.for([
  ["does not answer", new StorageUnavailable("ECONNREFUSED")],
  ["refuses a key that was good", new StorageMisconfigured("STORAGE_URL: the bucket refuses these credentials")],
] as const)(
  "while the storage %s nothing is taken, what runs waits with its output, and that is said once",
  async ([, answer], { setupGate }) => {
    const { startWorker, submit, event, view, storage, comfy, durable, saying } = await setupGate();
    const away = async (): Promise<never> => {
      throw new StorageUnavailable("ECONNREFUSED");
    };
    const receive = vi.spyOn(storage, "receive").mockImplementation(away);
    const check = vi.spyOn(storage, "check").mockRejectedValue(answer);
    startWorker({ preparesNext: false, concurrency: 2 });
    const running = await submit();
    await vi.waitFor(() => expect(receive.mock.calls.length).toBeGreaterThan(1), patience);
    const waiting = await submit();
    // The attempt's own tries tell that the storage is still away; the idle slot looks more often than they come.
    const tries = receive.mock.calls.length;
    await vi.waitFor(() => expect(receive.mock.calls.length).toBeGreaterThan(tries), patience);
    expect(await view(running)).toMatchObject({ state: "running", attempt: 1 });
    expect(await view(waiting)).toMatchObject({ state: "queued", attempt: 0 });
    expect(saying("the storage does not answer")).toHaveLength(1);
    expect(saying("the slot loop failed")).toEqual([]);

    receive.mockRestore();
    check.mockRestore();
    await Promise.all([event(running, "job.succeeded"), event(waiting, "job.succeeded")]);
    expect(durable.map((owned) => owned.event.type)).not.toContain("job.retried");
    expect(comfy.promptIds()).toHaveLength(2);
  },
);

test("a job that is canceled while it waits with its output ends at once", async ({ setupGate }) => {
  const { startWorker, submit, event, cancel, storage } = await setupGate();
  const receive = vi.spyOn(storage, "receive").mockRejectedValue(new StorageUnavailable("ECONNREFUSED"));
  startWorker();
  const jobId = await submit();
  await vi.waitFor(() => expect(receive).toHaveBeenCalled(), patience);
  await cancel(jobId);
  await event(jobId, "job.canceled");
});
