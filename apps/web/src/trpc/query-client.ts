import { backoffMs } from "@darkroom/contracts";
import { QueryClient } from "@tanstack/react-query";
import { toRefusal } from "./refusal.ts";

/** Four tries more take some five seconds, which a restart of the server takes too. */
const RETRY = { firstMs: 600, maxMs: 8000 };

/** Queries retry what may pass (a lost connection, a restarting server) and never what was refused. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 4 && toRefusal(error).isTemporary,
        retryDelay: (failures) => backoffMs(failures, RETRY),
      },
      mutations: { retry: false },
    },
  });
}
