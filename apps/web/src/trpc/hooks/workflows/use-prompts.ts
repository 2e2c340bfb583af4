"use client";

import type { JobView } from "@darkroom/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useServices } from "../../provider.tsx";

/** The jobs among which earlier prompts are looked for: the most of one page. */
const LOOKED_AT = 100;

/** The prompts of jobs, each once, in their order. */
export function distinctPrompts(jobs: readonly Pick<JobView, "inputs">[]): string[] {
  const prompts = jobs.flatMap(({ inputs: { prompt } }) =>
    typeof prompt === "string" && prompt.trim() !== "" ? [prompt] : [],
  );
  return [...new Set(prompts)];
}

/**
 * The visitor's earlier prompts, newest first. They are those of their jobs, on the server: so they are the same in every
 * browser of an account, go when a job is removed, and nothing of them stays in a browser that others use too.
 */
export function usePrompts() {
  const { client } = useServices();
  const queries = useQueryClient();
  const ask = useCallback(
    (search: string) => ({
      queryKey: ["prompts", search],
      queryFn: async () => {
        const { items } = await client.job.list.query({ limit: LOOKED_AT, ...(search !== "" && { search }) });
        return distinctPrompts(items as readonly JobView[]);
      },
      // Longer than one goes through them, and shorter than it takes to make the next.
      staleTime: 2000,
    }),
    [client],
  );
  return { ask, recent: useCallback(() => queries.fetchQuery(ask("")), [ask, queries]) };
}

/** Those that have all words of `search`; undefined until they are known. */
export function useFoundPrompts(search: string) {
  const { ask } = usePrompts();
  return useQuery(ask(search));
}
