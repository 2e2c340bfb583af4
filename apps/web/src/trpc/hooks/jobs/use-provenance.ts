"use client";

import { useEffect, useRef } from "react";
import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";

export type Provenance = RouterOutputs["job"]["provenance"];

/**
 * How a job was made, or is being made; undefined until it is known. Null asks for none. Asked again whenever the job's
 * version rises: of an ended job nothing changes any more.
 */
export function useProvenance(jobId: string | null, version?: number): Provenance | undefined {
  const query = trpc.job.provenance.useQuery(
    { jobId: jobId ?? "" },
    { enabled: jobId !== null, staleTime: Number.POSITIVE_INFINITY },
  );
  const { refetch } = query;
  const asked = useRef(version);
  useEffect(() => {
    if (jobId === null || version === asked.current) return;
    asked.current = version;
    void refetch();
  }, [jobId, refetch, version]);
  return query.data;
}
