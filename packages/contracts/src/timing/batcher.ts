import { sleep } from "./sleep.ts";

/**
 * Gathers questions into few calls of `run`. Those asked in one go, while the batch before is under way, or within
 * `spacingMs` milliseconds of its beginning are one batch; the first after a quiet time waits for nothing. `run` answers
 * in the order asked; if it rejects, so does everyone of its batch, and the next batch begins anew.
 */
export function createBatcher<Question, Answer>(
  run: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { spacingMs = 0 } = {},
): (question: Question) => Promise<Answer> {
  let waiting: { question: Question; resolve(answer: Answer): void; reject(reason: unknown): void }[] = [];
  let begunAt = Number.NEGATIVE_INFINITY;
  let isRunning = false;

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      // Even without a rest this lets those in who ask in the same go.
      const restMs = begunAt + spacingMs - performance.now();
      await (restMs > 0 ? sleep(restMs) : null);
      begunAt = performance.now();
      const batch = waiting;
      waiting = [];
      try {
        const answers = await run(batch.map(({ question }) => question));
        batch.forEach(({ resolve }, index) => {
          resolve(answers[index] as Answer);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isRunning = false;
  };

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (isRunning) return;
      isRunning = true;
      void work();
    });
}
