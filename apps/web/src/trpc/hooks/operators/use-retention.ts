"use client";

import { keepPreviousData } from "@tanstack/react-query";
import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";

export type RetentionPreview = RouterOutputs["retention"]["preview"];
export type RetentionKind = RetentionPreview["losses"][number]["kind"];
export type RetentionRule = RetentionPreview["rules"][RetentionKind];
/** Rules that differ from those that hold. */
export type RetentionChanges = Partial<Record<RetentionKind, Partial<RetentionRule>>> & {
  readonly previews?: { readonly seconds: number | null };
};

/** How long things are kept, and what would go if the rules were changed like that. */
export function useRetention(changes: RetentionChanges) {
  const utils = trpc.useUtils();
  const { data, error, isFetching } = trpc.retention.preview.useQuery(changes, { placeholderData: keepPreviousData });
  return {
    preview: data,
    error,
    isFetching,
    set: trpc.retention.set.useMutation({ onSettled: () => utils.retention.preview.invalidate() }),
  };
}
