import { failpoint } from "@darkroom/contracts";
import type postgres from "postgres";
import { retried } from "./retried.ts";
import { jsonText } from "./sql.ts";
import { step } from "./steps.ts";
import { classify } from "./transient-error.ts";

/** A step that writes: each call is one item, and what is called while an earlier call is under way is written together. */
export type BatchedStep = <Answer>(item: unknown) => Promise<Answer>;

/** The most items of one transaction. A batch of them is written in a few milliseconds; while it is, others gather. */
const MOST = 32;

interface Call {
  readonly item: unknown;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * Calls the function `name` of `steps/*.sql`, one transaction for all that is called while the one before is under way: a commit
 * waits for the disk, and a hundred wait no longer than one. Nobody waits for company: the first call goes at once. If
 * `batches` is one connection, a full batch is sent behind the one under way, so that Postgres has its next work when it has ended that.
 *
 * Items know nothing of each other. One whose locks somebody holds is left out (`held`), and one that fails undoes its
 * companions; then each of those is written by itself through `sql`, waiting for its locks, in nobody's way.
 */
export function createBatchedStep(sql: postgres.Sql, name: string, batches: postgres.Sql = sql): BatchedStep {
  const waiting: Call[] = [];
  // On two connections they would find each other's locks held.
  const mostUnderWay = batches.options.max === 1 ? 2 : 1;
  let underWay = 0;

  const write = async (calls: readonly Call[], waits: boolean): Promise<unknown[]> => {
    const items = jsonText(calls.map(({ item }) => item));
    await failpoint("transaction.committing");
    const through = waits ? sql : batches;
    const rows = await through<{ answer: unknown }[]>`
      SELECT answer FROM ${step(through, name)}(${items}::text::jsonb, ${waits}) AS answer`;
    await failpoint("transaction.committed");
    return rows.map(({ answer }) => answer);
  };
  const writeAlone = (call: Call): void => {
    retried(() => write([call], true)).then(([answer]) => call.resolve(answer), call.reject);
  };
  const writeTogether = async (calls: readonly Call[]): Promise<void> => {
    try {
      const answers = await write(calls, false);
      for (const [index, call] of calls.entries()) {
        const answer = answers[index];
        if (isHeld(answer)) writeAlone(call);
        else call.resolve(answer);
      }
    } catch (error) {
      for (const call of calls) {
        if (classify(error) === "outage") call.reject(error);
        else writeAlone(call);
      }
    }
  };
  const next = async (): Promise<void> => {
    underWay += 1;
    // What is called in the same tick goes together.
    await Promise.resolve();
    while (waiting.length > 0 && (underWay === 1 || waiting.length >= MOST))
      await writeTogether(waiting.splice(0, MOST));
    underWay -= 1;
  };

  return <Answer>(item: unknown) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ item, resolve: (answer) => resolve(answer as Answer), reject });
      if (underWay === 0 || (underWay < mostUnderWay && waiting.length >= MOST)) void next();
    });
}

const isHeld = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "type" in answer && answer.type === "held";
