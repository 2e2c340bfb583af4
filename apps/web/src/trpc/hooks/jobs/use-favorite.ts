"use client";

import type { Output } from "@darkroom/contracts";
import { useCallback } from "react";
import { type EachOf, eachOf } from "../../each-of.ts";
import { useServices } from "../../provider.tsx";

type Marked = Pick<Output, "jobId" | "outputId">;

/** Marks outputs of ended jobs as favorites, or unmarks them. What this tab shows does not wait for an event. */
export function useFavorite(): <O extends Marked>(
  outputs: readonly O[],
  favorite: boolean,
  onSettled?: (count: number) => void,
) => Promise<EachOf<O>> {
  const { client, feed } = useServices();
  return useCallback(
    async (outputs, favorite, onSettled) => {
      const markOne = ({ outputId }: Marked) => client.output.favorite.mutate({ outputId, favorite });
      const answer = await eachOf(outputs, markOne, onSettled);
      await Promise.all([...new Set(answer.done.map(({ jobId }) => jobId))].map((jobId) => feed.fetch(jobId)));
      return answer;
    },
    [client, feed],
  );
}
