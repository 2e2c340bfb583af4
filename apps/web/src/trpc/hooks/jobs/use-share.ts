"use client";

import type { Output, SharedFact } from "@darkroom/contracts";
import { useRef, useState } from "react";
import type { RouterOutputs } from "../../client.ts";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";
import { type Refusal, toRefusal } from "../../refusal.ts";

type ShareView = NonNullable<RouterOutputs["output"]["byId"]["share"]>;
interface ShareChange {
  readonly shared?: boolean;
  readonly facts?: SharedFact[];
  readonly gallery?: boolean;
}

/** Whether an output is shared, where and with what, and how to change that. */
export interface Sharing {
  /** False until it is known, for what is not one's own, and for what an operator took down. */
  readonly isPossible: boolean;
  readonly isShared: boolean;
  /** Absolute, of the page that shows it; null while it is not shared, or if the server cannot tell the address any more. */
  readonly url: string | null;
  readonly facts: readonly SharedFact[];
  readonly isPublished: boolean;
  /** What operators say who took it down; null: nobody did. */
  readonly hidden: { readonly reason: string | null } | null;
  readonly isBusy: boolean;
  readonly refusal: Refusal | null;
  /** Makes a new address; one that there is ends. False if it was refused. */
  share(): Promise<boolean>;
  /** Changes what is told with it, or whether it is in the gallery; shown at once. */
  describe(changes: Omit<ShareChange, "shared">): Promise<boolean>;
  end(): Promise<boolean>;
}

/** How one of a job's outputs is shared. All of a job's ask together. */
export function useShare({ jobId, outputId }: Output): Sharing {
  const { client } = useServices();
  const utils = trpc.useUtils();
  const input = { jobId, limit: 100 };
  // Another tab may have changed it, so a cached answer always counts as stale.
  const query = trpc.output.list.useQuery(input, { staleTime: 0 });
  const [waiting, setWaiting] = useState(0);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  /** The changes that were asked for, one after the other: the last one holds. */
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const known = query.data?.items.find((output) => output.outputId === outputId);

  const show = (changed: (share: ShareView | null) => ShareView | null): void =>
    utils.output.list.setData(
      input,
      (page) =>
        page && {
          ...page,
          items: page.items.map((output) =>
            output.outputId === outputId ? { ...output, share: changed(output.share) } : output,
          ),
        },
    );
  const ask = async (request: ShareChange): Promise<boolean> => {
    try {
      const { outputId: _, ...view } = await client.output.share.mutate({ outputId, ...request });
      // Cancel the query in flight: its answer would overwrite this newer state.
      await utils.output.list.cancel(input);
      const { facts, gallery } = request;
      // What was changed here since then is shown already.
      if (facts === undefined && gallery === undefined) show(() => (request.shared === false ? null : view));
      return true;
    } catch (error) {
      setRefusal(toRefusal(error));
      void query.refetch();
      return false;
    }
  };
  const change = (request: ShareChange): Promise<boolean> => {
    setRefusal(null);
    setWaiting((held) => held + 1);
    const asked = line.current.then(() => ask(request)).finally(() => setWaiting((held) => held - 1));
    line.current = asked;
    return asked;
  };
  const path = known?.share?.pageUrl ?? null;
  return {
    isPossible: known?.kind === "image" && known.hidden === null,
    isShared: known !== undefined && known.share !== null,
    url: path === null ? null : new URL(path, window.location.href).href,
    facts: known?.share?.facts ?? [],
    isPublished: known?.share?.isPublished ?? false,
    hidden: known?.hidden ?? null,
    isBusy: waiting > 0,
    refusal,
    share: () => change({ shared: true }),
    describe: (changes) => {
      const { facts, gallery: isPublished } = changes;
      show(
        (share) => share && { ...share, ...(facts && { facts }), ...(isPublished !== undefined && { isPublished }) },
      );
      return change(changes);
    },
    end: () => change({ shared: false }),
  };
}
