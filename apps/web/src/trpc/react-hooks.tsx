"use client";

import type { AppRouter } from "@darkroom/api";
import {
  type QueryClient,
  type UseInfiniteQueryOptions,
  type UseMutationOptions,
  type UseQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from "@tanstack/react-query";
import { getUntypedClient, type TRPCClient, type TRPCUntypedClient } from "@trpc/client";
import { type CreateTRPCReact, createTRPCQueryUtils } from "@trpc/react-query";
import { createReactDecoration } from "@trpc/react-query/shared";
import { createContext, type ReactNode, useContext, useState } from "react";
import { keyOf } from "./query-key.ts";

type Utils = ReturnType<typeof createTRPCQueryUtils<AppRouter>>;

interface Calls {
  readonly client: TRPCUntypedClient<AppRouter>;
  readonly utils: Utils;
}

const CallsContext = createContext<Calls | null>(null);

function useCalls(): Calls {
  const calls = useContext(CallsContext);
  if (calls === null) throw new Error("TrpcProvider is missing above this component");
  return calls;
}

interface TrpcProviderProps {
  readonly client: TRPCClient<AppRouter>;
  readonly queryClient: QueryClient;
  readonly children: ReactNode;
}

/** What the hooks of `trpc` call with. They keep what is answered where React Query's own hooks do. */
export function TrpcProvider({ client, queryClient, children }: TrpcProviderProps) {
  const [calls] = useState<Calls>(() => ({
    client: getUntypedClient(client),
    utils: createTRPCQueryUtils<AppRouter>({ client, queryClient }),
  }));
  return <CallsContext value={calls}>{children}</CallsContext>;
}

type Path = readonly string[];

/**
 * The hooks that pages call. `createTRPCReact` brings all that there are, for lists of queries, Suspense and servers' rendering too, and
 * with them the parts of React Query that no page of ours needs: 2.5 KB in each.
 */
const hooks = {
  useUtils: () => useCalls().utils,
  useQuery(path: Path, input: unknown, options: UseQueryOptions) {
    const { client } = useCalls();
    const queryFn = (): Promise<unknown> => client.query(path.join("."), input);
    return useQuery({ ...options, queryKey: keyOf(path, input, "query"), queryFn });
  },
  useInfiniteQuery(path: Path, input: object, options: UseInfiniteQueryOptions) {
    const { client } = useCalls();
    return useInfiniteQuery({
      ...options,
      initialPageParam: null,
      queryKey: keyOf(path, input, "infinite"),
      queryFn: ({ pageParam }) =>
        client.query(path.join("."), { ...input, ...(pageParam !== null && { cursor: pageParam }) }),
    });
  },
  useMutation(path: Path, options: UseMutationOptions) {
    const { client } = useCalls();
    return useMutation({ ...options, mutationFn: (input) => client.mutation(path.join("."), input) });
  },
};

type AllHooks = CreateTRPCReact<AppRouter, unknown>;

export const trpc = createReactDecoration<AppRouter>(hooks as never) as Omit<AllHooks, "Provider" | "useUtils"> & {
  useUtils(): Utils;
};
