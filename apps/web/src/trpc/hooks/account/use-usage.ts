"use client";

import { trpc } from "../../react-hooks.tsx";

/** How much of each limit the visitor has used; asked again every few seconds, because the minute goes on. */
export function useUsage() {
  return trpc.account.usage.useQuery(undefined, { refetchInterval: 5000, staleTime: 0 }).data;
}
