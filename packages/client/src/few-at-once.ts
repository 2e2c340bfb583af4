/** Runs at most `limit` at once; the others wait for their turn, first come first served. */
export function fewAtOnce(limit: number): <Answer>(run: () => Promise<Answer>) => Promise<Answer> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
