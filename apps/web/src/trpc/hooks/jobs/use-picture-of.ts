"use client";

import type { JobView } from "@darkroom/contracts";
import { useQuery } from "@tanstack/react-query";
import { useServices } from "../../provider.tsx";

/** Where a picture comes from: one of the visitor's outputs, or a job that a file names. */
export type PictureOrigin = { readonly outputId: string } | { readonly jobId: string };

/** The job that made a picture, if it is the visitor's own; null if it is not, undefined until that is known. Null asks for none. */
export function useJobOfPicture(origin: PictureOrigin | null): JobView | null | undefined {
  const { client } = useServices();
  const { data } = useQuery({
    queryKey: ["origin", origin],
    enabled: origin !== null,
    staleTime: 60_000,
    queryFn: async () => {
      if (origin === null) return null;
      try {
        const jobId = "jobId" in origin ? origin.jobId : (await client.output.byId.query(origin)).jobId;
        return (await client.job.byId.query({ jobId })) as JobView;
      } catch {
        // Someone else's, or gone: it is a picture like any other then.
        return null;
      }
    },
  });
  return origin === null ? null : data;
}
