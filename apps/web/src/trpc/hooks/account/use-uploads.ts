"use client";

import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";

export type UploadView = RouterOutputs["upload"]["list"]["items"][number];

/** The visitor's uploads, newest first, a page at a time. */
export function useUploads() {
  const query = trpc.upload.list.useInfiniteQuery({ limit: 30 }, { getNextPageParam: (page) => page.nextCursor });
  return {
    uploads: query.data?.pages.flatMap(({ items }) => items),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    error: query.error,
    retry: () => void query.refetch(),
  };
}
