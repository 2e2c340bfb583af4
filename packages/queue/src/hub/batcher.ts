/** Longest wait between two tries of a batch that failed. */
const MAX_RETRY_DELAY_MS = 1000;

export interface Batcher<Request, Answer> {
  /** Never rejects: a failed batch is tried again until it works or the batcher is closed (then it never settles). */
  ask(request: Request): Promise<Answer>;
  close(): void;
}

/**
 * Gathers what is asked in one turn of the event loop, and while an earlier batch is under way, into one call of
 * `run`, so that a thousand readers that come back at once cost a few queries. `run` answers in the order asked.
 */
export function createBatcher<Request, Answer>(
  run: (requests: readonly Request[]) => Promise<readonly Answer[]>,
  onError: (error: unknown) => void,
): Batcher<Request, Answer> {
  let waiting: { request: Request; resolve: (answer: Answer) => void }[] = [];
  let isRunning = false;
  let isClosed = false;
  let wait: NodeJS.Timeout | undefined;

  const work = async () => {
    let failures = 0;
    while (waiting.length > 0 && !isClosed) {
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
        await new Promise<void>((resolve) => {
          wait = setTimeout(resolve, delayMs).unref();
        });
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
      clearTimeout(wait);
    },
  };
}
