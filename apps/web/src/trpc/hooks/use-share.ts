"use client";

import type { Output } from "@darkroom/contracts";
import { useState } from "react";
import { trpc } from "../client.ts";
import { useServices } from "../provider.tsx";
import { type Refusal, toRefusal } from "../refusal.ts";

/** Whether an output is shared, where, and how to change that. */
export interface Sharing {
  /** False until it is known, and for what is not one's own. */
  readonly isPossible: boolean;
  readonly isShared: boolean;
  /** Absolute; null while it is not shared, or if the server cannot tell the address any more. */
  readonly url: string | null;
  readonly isBusy: boolean;
  readonly refusal: Refusal | null;
  /** Makes a new address; one that there is ends. False if it was refused. */
  share(): Promise<boolean>;
  end(): Promise<boolean>;
}

/** How one of a job's outputs is shared. All of a job's ask together. */
export function useShare({ jobId, outputId }: Output): Sharing {
  const { client } = useServices();
  const utils = trpc.useUtils();
  const input = { jobId, limit: 100 };
  // Another tab may have changed it, so a cached answer always counts as stale.
  const query = trpc.output.list.useQuery(input, { staleTime: 0 });
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const known = query.data?.items.find((output) => output.outputId === outputId);
  const change = async (shared: boolean): Promise<boolean> => {
    setIsBusy(true);
    setRefusal(null);
    try {
      const { url } = await client.output.share.mutate({ outputId, shared });
      // Cancel the query in flight: its answer would overwrite this newer state.
      await utils.output.list.cancel(input);
      const share = url === null ? null : { url };
      utils.output.list.setData(
        input,
        (page) =>
          page && {
            ...page,
            items: page.items.map((output) => (output.outputId === outputId ? { ...output, share } : output)),
          },
      );
      return true;
    } catch (error) {
      setRefusal(toRefusal(error));
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  const path = known?.share?.url ?? null;
  return {
    isPossible: known?.kind === "image",
    isShared: known !== undefined && known.share !== null,
    url: path === null ? null : new URL(path, window.location.href).href,
    isBusy,
    refusal,
    share: () => change(true),
    end: () => change(false),
  };
}
