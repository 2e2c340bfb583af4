"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import type { FirstAnswer } from "./first-queries.ts";

interface FirstAnswersProps {
  readonly answers: readonly FirstAnswer[];
  readonly children: ReactNode;
}

const keep = (client: QueryClient, { key, answer, at }: FirstAnswer): void => {
  client.setQueryData(key, answer, { updatedAt: at });
};

/**
 * Takes over the answers that came with the page, before what is in it renders. An answer in place of one that is held already waits
 * until then: somebody else on the page may be showing that.
 */
export function FirstAnswers({ answers, children }: FirstAnswersProps) {
  const client = useQueryClient();
  const newer = useMemo(
    () =>
      answers.filter((first) => {
        const held = client.getQueryState(first.key)?.dataUpdatedAt;
        if (held === undefined) keep(client, first);
        return held !== undefined && held < first.at;
      }),
    [client, answers],
  );
  useEffect(() => {
    for (const answer of newer) keep(client, answer);
  }, [client, newer]);
  return children;
}
