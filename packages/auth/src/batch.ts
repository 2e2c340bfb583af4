/**
 * A batch that takes longer is given up, so that a connection that answers nothing holds nobody for long. A statement
 * that Postgres works on is ended by Postgres before, after five seconds.
 */
const DEADLINE_MS = 6000;

/**
 * Gathers what is asked in one turn of the event loop, while the batch before is under way, and in the `spacingMs` since
 * it began, into one call of `run`. The first after a quiet time goes at once. `run` answers in the order asked; if it
 * rejects, or takes longer than six seconds, so does everyone who asked.
 */
export function createBatch<Question, Answer>({
  run,
  spacingMs,
  onTimeout,
}: {
  readonly run: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  readonly spacingMs: number;
  readonly onTimeout: () => Error;
}): (question: Question) => Promise<Answer> {
  let waiting: { question: Question; resolve(answer: Answer): void; reject(reason: unknown): void }[] = [];
  let begunAt = Number.NEGATIVE_INFINITY;
  let isScheduled = false;
  let isRunning = false;

  const work = async () => {
    const batch = waiting;
    waiting = [];
    isScheduled = false;
    isRunning = true;
    begunAt = performance.now();
    try {
      const answers = await within(run(batch.map(({ question }) => question)), onTimeout);
      batch.forEach(({ resolve }, index) => {
        resolve(answers[index] as Answer);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    isRunning = false;
    if (waiting.length > 0) schedule();
  };
  const schedule = () => {
    if (isScheduled || isRunning) return;
    isScheduled = true;
    const waitMs = begunAt + spacingMs - performance.now();
    if (waitMs > 0) setTimeout(() => void work(), waitMs);
    else setImmediate(() => void work());
  };

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      schedule();
    });
}

async function within<Value>(work: Promise<Value>, onTimeout: () => Error): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTimeout()), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
