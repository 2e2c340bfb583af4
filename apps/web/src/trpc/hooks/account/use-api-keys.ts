"use client";

import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";
import { type Refusal, toRefusal } from "../../refusal.ts";

export type ApiKey = RouterOutputs["apiKey"]["list"]["items"][number];

/** The visitor's API keys that are still good, newest first; undefined until the first answer. */
export function useApiKeys() {
  const query = trpc.apiKey.list.useQuery();
  return {
    keys: query.data?.items.filter(({ revokedAt }) => revokedAt === null),
    error: query.error,
    retry: () => void query.refetch(),
  };
}

/** Makes a key. `created` holds the key itself, which nobody can read again, until `forget`. */
export function useCreateApiKey() {
  const utils = trpc.useUtils();
  const mutation = trpc.apiKey.create.useMutation({ onSuccess: () => utils.apiKey.list.invalidate() });
  return {
    created: mutation.data ?? null,
    isBusy: mutation.isPending,
    refusal: mutation.error === null ? null : (toRefusal(mutation.error) satisfies Refusal),
    create: mutation.mutate,
    forget: mutation.reset,
  };
}
