import type { FeedData } from "../answers/index.ts";
import type { Transport } from "./transport.ts";

/**
 * What the server says of one job, beginning with a snapshot. A lost connection is resumed from the last value, so
 * nothing is missed or repeated. Ends with the signal; rejects if the server refuses. A server closes a socket that
 * follows too many jobs, so beyond a hundred this begins once another has ended.
 */
export async function* followJob(
  { trpc, followed }: Transport,
  jobId: string,
  signal: AbortSignal,
): AsyncGenerator<FeedData, void, undefined> {
  const release = await followed.acquire(signal);
  const arrived: FeedData[] = [];
  let ended: { readonly error: unknown } | "complete" | null = null;
  let changed = Promise.withResolvers<void>();
  const end = (how: typeof ended) => {
    ended ??= how;
    changed.resolve();
  };
  const onAbort = () => end({ error: signal.reason });
  signal.addEventListener("abort", onAbort, { once: true });
  const subscription = trpc.job.onEvent.subscribe(
    { jobId },
    {
      onData: ({ data }) => {
        arrived.push(data);
        changed.resolve();
      },
      onError: (error) => end({ error }),
      onComplete: () => end("complete"),
    },
  );
  try {
    while (true) {
      for (const data of arrived.splice(0)) yield data;
      const how = ended as { readonly error: unknown } | "complete" | null;
      if (how === "complete") return;
      if (how !== null) throw how.error;
      await changed.promise;
      changed = Promise.withResolvers<void>();
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    subscription.unsubscribe();
    release();
  }
}
