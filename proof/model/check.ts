import { isTransient } from "@darkroom/db";
import fc from "fast-check";
import { moves } from "./moves.ts";
import { operations } from "./operations.ts";
import { type Case, Failed, type OperationStep, runCase, type Step } from "./run.ts";
import { openStores, type Stores } from "./stores.ts";
import type { BackendId } from "./world.ts";

/** Cases under one seed: few, so that replaying a seed reaches its failure soon. */
const casesPerSeed = 10;
const maxStepsPerCase = 120;
/** Shrinking ends so long after the first failure: the shortest until then is good enough. */
const patienceMs = 60_000;

const picks = fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999));
const kinds = <Kinds extends Record<string, readonly [unknown, number]>>(of: Kinds) =>
  Object.entries(of).map(([kind, [, weight]]) => ({
    weight,
    arbitrary: fc.record({ kind: fc.constant(kind as keyof Kinds), picks }),
  }));
const operationStep = fc.oneof(...kinds(operations)) as fc.Arbitrary<OperationStep>;
const race = fc.record({
  kind: fc.constant("race" as const),
  of: fc.array(operationStep, { minLength: 2, maxLength: 3 }),
});
const step = fc.oneof(...kinds(operations), ...kinds(moves), { weight: 12, arbitrary: race }) as fc.Arbitrary<Step>;
const someBackends = fc.constantFrom<BackendId[]>(["b1", "b2"], ["b2"], ["b1"]);
const cases: fc.Arbitrary<Case> = fc.record({
  steps: fc.array(step, { maxLength: maxStepsPerCase, size: "max" }),
  alive: someBackends,
});

export interface Check {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** At least so many. */
  readonly steps: number;
  readonly seed: number;
  /** How many cases run side by side, each on stores of its own. */
  readonly lanes: number;
  readonly onProgress?: (done: { steps: number; cases: number; seed: number }) => void;
}

/**
 * Runs random cases until there were enough steps; answers how many there were. Each seed stands for ten cases, and seeds
 * follow one another.
 *
 * @throws Error with the seed to replay and the shortest list of steps that still fails.
 */
export async function check({ steps: wanted, seed: first, lanes, onProgress, ...urls }: Check) {
  const done = { steps: 0, cases: 0, seed: first };
  let isFailing = false;
  const lane = async (): Promise<void> => {
    const stores = await openStores(urls);
    try {
      while (done.steps < wanted && !isFailing) {
        const seed = done.seed++;
        const { steps, cases: count } = await checkSeed(stores, seed);
        done.steps += steps;
        done.cases += count;
        onProgress?.({ ...done, seed });
      }
    } catch (error) {
      isFailing = true;
      throw error;
    } finally {
      await stores.close();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return { steps: done.steps, cases: done.cases };
}

async function checkSeed(stores: Stores, seed: number): Promise<{ steps: number; cases: number }> {
  const done = { steps: 0, cases: 0 };
  // Shrinking goes on only from inputs that fail, so the last failure is the shortest.
  let shortest: unknown = null;
  let failedAt = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(cases, async (input) => {
    // What is not looked at any more counts as held, which ends the shrinking.
    if (performance.now() - failedAt > patienceMs) return;
    try {
      done.steps += await runUndisturbed(stores, input);
      done.cases += 1;
    } catch (error) {
      shortest = error;
      failedAt = Math.min(failedAt, performance.now());
      throw error;
    }
  });
  const result = await fc.check(property, { seed, numRuns: casesPerSeed });
  if (!result.failed) return done;
  const trace = shortest instanceof Failed ? shortest.message : String(shortest);
  throw new Error(`seed ${seed}, shrunk ${result.numShrinks} times; replay with --seed ${seed}\n${trace}`);
}

/**
 * {@link runCase}, again if a connection was lost. Postgres ends a transaction that stands still for two seconds, and one that is in the
 * middle of an interleaving does on a machine that is busy elsewhere; the model knows no outage.
 */
async function runUndisturbed(stores: Stores, input: Case): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await runCase(stores, input);
    } catch (error) {
      if (tries === 3 || !(error instanceof Failed) || !isTransient(error.cause)) throw error;
    }
  }
}
