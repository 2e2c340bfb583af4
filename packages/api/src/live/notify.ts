import { failpoint, type OwnedEvent, type QueueEntry } from "@darkroom/contracts";
import type { Services } from "../context.ts";
import { bestEffort } from "./best-effort.ts";

/**
 * Tells Redis what Postgres has committed: the queue its new entries, the hubs the events, idle workers that there is
 * work. All of it may fail: the reconciler pushes what is missing and the hubs compare their feeds.
 */
export async function afterCommit(
  { queue, publisher, log }: Pick<Services, "queue" | "publisher" | "log">,
  {
    entries = [],
    removed = [],
    events,
  }: { entries?: readonly QueueEntry[]; removed?: readonly string[]; events: readonly OwnedEvent[] },
): Promise<void> {
  await bestEffort(log, "after commit", undefined, async () => {
    if (removed.length > 0) await queue.remove([...removed]);
    const push = async (): Promise<void> => {
      await queue.enqueue([...entries], { at: "tail", wake: true });
      await failpoint("submit.enqueued");
    };
    await Promise.all([entries.length > 0 && push(), events.length > 0 && publisher.publish([...events])]);
  });
}

/** Wakes idle workers, e.g. when the queue is resumed; without it they look again within two seconds. */
export async function wakeWorkers({ publisher, log }: Pick<Services, "publisher" | "log">): Promise<void> {
  await bestEffort(log, "wake", undefined, () => publisher.wake());
}
