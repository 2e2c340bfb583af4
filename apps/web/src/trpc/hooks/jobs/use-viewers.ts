"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { RouterOutputs } from "../../client.ts";
import { useServices } from "../../provider.tsx";
import { useConnection } from "../use-connection.ts";

export type Viewer = RouterOutputs["job"]["look"]["others"][number];

/** Whoever says nothing for three seconds counts as gone. */
const SAY_MS = 2000;

/** Who else looks at a job now; says that this visitor does, while the page is in front of them. */
export function useViewers(jobId: string): readonly Viewer[] {
  const { client } = useServices();
  // Without a line nobody would be told, and each try would be an error in the browser's console.
  const isLive = useConnection().status === "live";
  const { data, refetch } = useQuery({
    queryKey: ["viewers", jobId],
    queryFn: () => client.job.look.mutate({ jobId }),
    enabled: isLive,
    refetchInterval: SAY_MS,
    gcTime: 0,
    retry: false,
  });
  useEffect(() => {
    const leave = (): void => void client.job.look.mutate({ jobId, looks: false }).catch(() => undefined);
    const onChange = (): void => (document.visibilityState === "hidden" ? leave() : void refetch());
    document.addEventListener("visibilitychange", onChange);
    return () => {
      document.removeEventListener("visibilitychange", onChange);
      leave();
    };
  }, [client, jobId, refetch]);
  return isLive ? (data?.others ?? []) : [];
}
