"use client";

import type { Output } from "@darkroom/contracts";
import { trpc } from "../../react-hooks.tsx";

/** Whether an output is shared, by the answer that `useShare` keeps, which the job's page arrives with; it asks for nothing. */
export function useIsShared({ jobId, outputId }: Output): boolean {
  const { data } = trpc.output.list.useQuery({ jobId, limit: 100 }, { enabled: false });
  return data?.items.some((output) => output.outputId === outputId && output.share !== null) === true;
}
