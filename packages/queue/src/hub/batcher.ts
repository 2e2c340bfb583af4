/** Longest wait between two tries of a batch that failed. */
const MAX_RETRY_DELAY_MS = 1000;

export interface Batcher<Request, Answer> {
  /** Never rejects: a failed batch is tried again until it works or the batcher is closed (then it never settles). */
  ask(request: Request): Promise<Answer>;
  close(): void;
}

/**
 * Gathers what is asked in one turn of the event loop, while an earlier batch is under way, and in the `spacingMs` since
 * it began, into one call of `run`, so that a thousand readers that come back at once cost a few queries. `run` answers
 * in the order asked.
 */
export function createBatcher<Request, Answer>(
  run: (requests: readonly Request[]) => Promise<readonly Answer[]>,
  onError: (error: unknown) => void,
  spacingMs = 0,
): Batcher<Request, Answer> {
  let waiting: { request: Request; resolve: (answer: Answer) => void }[] = [];
  let isRunning = false;
  let isClosed = false;
  let begunAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const pause = (delayMs: number) =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, delayMs).unref();
    });

  const work = async () => {
    let failures = 0;
    while (waiting.length > 0 && !isClosed) {
      const restMs = begunAt + spacingMs - performance.now();
      if (restMs > 0) await pause(restMs);
      begunAt = performance.now();
      const batch = waiting;
      waiting = [];
      try {
        const answers = await run(batch.map(({ request }) => request));
        failures = 0;
        batch.forEach(({ resolve }, index) => {
          resolve(answers[index] as Answer);
        });
      } catch (error) {
        onError(error);
        waiting = [...batch, ...waiting];
        const delayMs = (0.5 + Math.random() / 2) * Math.min(MAX_RETRY_DELAY_MS, 50 * 2 ** failures);
        failures += 1;
        await pause(delayMs);
      }
    }
    isRunning = false;
  };

  return {
    ask: (request) =>
      new Promise((resolve) => {
        waiting.push({ request, resolve });
        if (isRunning) return;
        isRunning = true;
        setImmediate(() => void work());
      }),
    close: () => {
      isClosed = true;
      waiting = [];
      clearTimeout(timer);
    },
  };
}
