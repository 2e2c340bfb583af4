import { failpoint, hash32 } from "@darkroom/contracts";
import type postgres from "postgres";
import { retried } from "./retried.ts";
import { jsonText } from "./sql.ts";
import { step } from "./steps.ts";
import { classify } from "./transient-error.ts";

/**
 * A step that writes: each call is one item, and what is called while an earlier call is under way is written together.
 *
 * @param lane Calls with the same one are never written beside each other: what they lock is the same. Without it all are one.
 */
export type BatchedStep = <Answer>(item: unknown, lane?: string) => Promise<Answer>;

/** So many transactions of a step are under way at once: while one of them waits for the disk, Postgres works for another. */
const LANES = 2;

/** The most items of one statement. A batch of them is written in a few milliseconds. */
const MOST = 32;

interface Call {
  readonly item: unknown;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * Calls the function `name` of `steps/*.sql`, one transaction for all of a lane that is called while the one before is under
 * way: a commit waits for the disk, and a hundred wait no longer than one. Nobody waits for company: the first call goes at once.
 */
export function createBatchedStep(sql: postgres.Sql, name: string): BatchedStep {
  const lanes = Array.from({ length: LANES }, () => createLane(sql, name));
  return <Answer>(item: unknown, lane = "") =>
    new Promise<Answer>((resolve, reject) => {
      lanes[hash32(lane) % LANES]?.({ item, resolve: (answer) => resolve(answer as Answer), reject });
    });
}

/**
 * Items know nothing of each other. One whose locks somebody holds is left out (`held`), and one that fails undoes its
 * companions; then each of those is written by itself, waiting for its locks, in nobody's way.
 */
function createLane(sql: postgres.Sql, name: string): (call: Call) => void {
  const waiting: Call[] = [];
  let isUnderWay = false;

  const write = async (items: readonly unknown[], waits: boolean): Promise<unknown[]> => {
    await failpoint("transaction.committing");
    const rows = await sql<{ answer: unknown }[]>`
      SELECT ${step(sql, name)}(item, ${waits}) AS answer FROM jsonb_array_elements(${jsonText(items)}::text::jsonb) AS item`;
    await failpoint("transaction.committed");
    return rows.map(({ answer }) => answer);
  };
  const writeAlone = ({ item, resolve, reject }: Call): void => {
    retried(() => write([item], true)).then(([answer]) => resolve(answer), reject);
  };
  const writeTogether = async (calls: readonly Call[]): Promise<void> => {
    try {
      const answers = await write(
        calls.map(({ item }) => item),
        false,
      );
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
    isUnderWay = true;
    // What is called in the same tick goes together.
    await Promise.resolve();
    while (waiting.length > 0) await writeTogether(waiting.splice(0, MOST));
    isUnderWay = false;
  };

  return (call) => {
    waiting.push(call);
    if (!isUnderWay) void next();
  };
}

const isHeld = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "type" in answer && answer.type === "held";
