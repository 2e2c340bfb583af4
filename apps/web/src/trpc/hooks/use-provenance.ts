"use client";

import { type RouterOutputs, trpc } from "../client.ts";

export type Provenance = RouterOutputs["job"]["provenance"];

/** How an ended job was made; undefined until it is known. Null asks for none. */
export function useProvenance(jobId: string | null): Provenance | undefined {
  // An ended job's provenance never changes, so it is fetched once.
  const query = trpc.job.provenance.useQuery(
    { jobId: jobId ?? "" },
    { enabled: jobId !== null, staleTime: Number.POSITIVE_INFINITY },
  );
  return query.data;
}
