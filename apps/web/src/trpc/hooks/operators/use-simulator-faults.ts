"use client";

import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";

export type FaultKind = RouterOutputs["backend"]["faults"]["kinds"][number];

/** What goes wrong on a simulator, asked for every 2 s since a fault that struck often enough goes by itself, and to change that. */
export function useSimulatorFaults(backendId: string) {
  const utils = trpc.useUtils();
  const { data, error } = trpc.backend.faults.useQuery({ backendId }, { refetchInterval: 2000, retry: false });
  return {
    faults: data,
    error,
    set: trpc.backend.setFaults.useMutation({ onSettled: () => utils.backend.faults.invalidate({ backendId }) }),
  };
}
