import { sleep } from "./sleep.ts";

/**
 * Gathers questions into few calls of `run`. Those asked in one go, while the batch before is under way, or within
 * `spacingMs` milliseconds of its beginning are one batch. Three wait for nothing but the batch that is under way: the first after a quiet time, a batch
 * of `enough` questions, and as many others as `ahead` says, of which one comes back with every `spacingMs` that pass. But a batch
 * that is not enough waits until nobody else has come for `settleMs`, at most `spacingMs`, so that those of one moment are one batch.
 * A batch that is under way for `patienceMs` holds up the next no longer. `run` answers in the order asked; if it rejects, so does everyone of its batch, and the next batch begins anew.
 */
export function createBatcher<Question, Answer>(
  run: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  {
    spacingMs = 0,
    enough = Number.POSITIVE_INFINITY,
    ahead = 0,
    settleMs = 0,
    patienceMs = Number.POSITIVE_INFINITY,
  } = {},
): (question: Question) => Promise<Answer> {
  let waiting: { question: Question; resolve(answer: Answer): void; reject(reason: unknown): void }[] = [];
  let isRunning = false;
  /** Called once `enough` wait. */
  let onEnough: () => void = () => undefined;
  /** When the next batch is due, if each keeps its distance; what goes ahead of it moves it on. */
  let dueAt = Number.NEGATIVE_INFINITY;

  /** Resolves when the next batch may begin. */
  const rest = async (): Promise<void> => {
    const begunAt = performance.now();
    let restMs = dueAt - ahead * spacingMs - begunAt;
    let seen = 0;
    const isGrowing = () => settleMs > 0 && waiting.length > seen && performance.now() < begunAt + spacingMs;
    while (waiting.length < enough && (restMs > 0 || isGrowing())) {
      seen = waiting.length;
      const full = Promise.withResolvers<void>();
      onEnough = full.resolve;
      await Promise.race([sleep(Math.max(restMs, settleMs)), full.promise]);
      restMs = 0;
    }
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      // Even without a rest this lets those in who ask in the same go.
      await rest();
      const batch = waiting;
      if (batch.length < enough) dueAt = Math.max(dueAt, performance.now()) + spacingMs;
      waiting = [];
      const answered = answer(batch);
      await (patienceMs === Number.POSITIVE_INFINITY ? answered : Promise.race([answered, sleep(patienceMs)]));
    }
    isRunning = false;
  };

  const answer = async (batch: typeof waiting): Promise<void> => {
    try {
      const answers = await run(batch.map(({ question }) => question));
      batch.forEach(({ resolve }, index) => {
        resolve(answers[index] as Answer);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (waiting.length >= enough) onEnough();
      if (isRunning) return;
      isRunning = true;
      void work();
    });
}
