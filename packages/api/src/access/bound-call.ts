import { DarkroomError } from "@darkroom/contracts";
import type { AnswerBudget, Context } from "../context.ts";

/** Characters of JSON in one answer, a batch's answers together; 4 MB but for what is not ASCII. */
export const MAX_ANSWER_SIZE = 4_000_000;

/** A budget for the answers to one request. */
export const newAnswerBudget = (): AnswerBudget => ({ left: MAX_ANSWER_SIZE });

/**
 * Runs one query or mutation in a place among the caller's calls in flight, and refuses an answer that is too large.
 * Measured after the call: how large an answer becomes depends on what is stored, not on what was asked.
 *
 * @throws DarkroomError `RATE_LIMITED`; `INPUT_INVALID` for what would be too large an answer
 */
export async function boundCall<Result extends { readonly ok: boolean; readonly data?: unknown }>(
  { enter, answerBudget = newAnswerBudget() }: Pick<Context, "enter" | "answerBudget">,
  call: () => Promise<Result>,
): Promise<Result> {
  const leave = await enter?.();
  try {
    const result = await call();
    if (result.ok) spend(answerBudget, result.data);
    return result;
  } finally {
    leave?.();
  }
}

function spend(budget: AnswerBudget, data: unknown): void {
  const size = JSON.stringify(data)?.length ?? 0;
  if (size > budget.left)
    throw new DarkroomError("INPUT_INVALID", "The answer would have more than 4 MB. Ask for fewer things at a time.");
  budget.left -= size;
}
