import type { ReactNode } from "react";
import { FirstAnswers } from "../trpc/first-answers.tsx";
import { answerFirst, type FirstQuery } from "../trpc/first-queries.ts";

/** A page that arrives with the answers to these queries, and asks none of them again in the browser. */
export async function FirstContent({ queries, children }: { queries: readonly FirstQuery[]; children: ReactNode }) {
  return <FirstAnswers answers={await answerFirst(queries)}>{children}</FirstAnswers>;
}
