/** Asks once for all that is wanted in one go; each caller gets what was answered to all of them. */
export type Gather = <Item, Answer>(
  run: (items: readonly Item[]) => Promise<Answer>,
) => (items: readonly Item[]) => Promise<Answer>;

/**
 * Gathers calls that are made in one go, as those of the submits that one transaction has stored: a command for all of them costs both ends
 * little more than one for the first. Nobody waits for company. What was given to it first is asked first, whoever calls first.
 */
export function createGatherer(): Gather {
  const flushes: (() => void)[] = [];
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    for (const each of flushes) each();
  };

  function gather<Item, Answer>(run: (items: readonly Item[]) => Promise<Answer>) {
    let items: Item[] = [];
    let answer: PromiseWithResolvers<Answer> | null = null;
    flushes.push(() => {
      if (answer === null) return;
      run(items).then(answer.resolve, answer.reject);
      items = [];
      answer = null;
    });
    return (wanted: readonly Item[]): Promise<Answer> => {
      answer ??= Promise.withResolvers<Answer>();
      items.push(...wanted);
      // After all that the answers of this moment bring about.
      if (!isDue) process.nextTick(flush);
      isDue = true;
      return answer.promise;
    };
  }
  return gather;
}
