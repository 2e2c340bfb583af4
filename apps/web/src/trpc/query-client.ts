import { QueryClient } from "@tanstack/react-query";
import { toRefusal } from "./refusal.ts";

/** Queries retry what may pass (a lost connection, a restarting server) and never what was refused. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 4 && toRefusal(error).isTemporary,
        retryDelay: (failures) => Math.min(300 * 2 ** failures, 4000),
      },
      mutations: { retry: false },
    },
  });
}
