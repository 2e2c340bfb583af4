"use client";

import type { RouterOutputs } from "../client.ts";
import { trpc } from "../react-hooks.tsx";

export type SharedPicture = RouterOutputs["gallery"]["byToken"];

/** As many as arrive with the page. */
export const GALLERY_PAGE = 40;

/** The gallery, newest first, a page at a time. */
export function useGallery() {
  const query = trpc.gallery.list.useInfiniteQuery(
    { limit: GALLERY_PAGE },
    { getNextPageParam: (page) => page.nextCursor },
  );
  return {
    pictures: query.data?.pages.flatMap(({ items }) => items),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    error: query.error,
    retry: () => void query.refetch(),
  };
}

/** What is told of a shared picture. `first`: as it arrived with the page. */
export function useSharedPicture(token: string, first: SharedPicture | undefined) {
  const query = trpc.gallery.byToken.useQuery(
    { token },
    { staleTime: 30_000, ...(first === undefined ? {} : { initialData: first }) },
  );
  return { picture: query.data, error: query.error, retry: () => void query.refetch() };
}

export function useReport() {
  return trpc.gallery.report.useMutation();
}

/** What visitors reported and what operators took down, asked for every 30 s, and what can be decided of it. */
export function useModeration(isWanted = true) {
  const utils = trpc.useUtils();
  const options = { enabled: isWanted, refetchInterval: 30_000 };
  const reported = trpc.gallery.list.useQuery({ shelf: "reported", limit: 24 }, options);
  const hidden = trpc.gallery.list.useQuery({ shelf: "hidden", limit: 24 }, options);
  return {
    reported: reported.data?.items ?? [],
    hidden: hidden.data?.items ?? [],
    hide: trpc.gallery.hide.useMutation({ onSettled: () => utils.gallery.invalidate() }),
  };
}
