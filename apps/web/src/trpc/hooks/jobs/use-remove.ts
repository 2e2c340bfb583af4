"use client";

import { useState } from "react";
import { withoutJob } from "../../feed/feed-state.ts";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";
import { type Refusal, toRefusal } from "../../refusal.ts";

/** How something is removed for good. `remove` returns whether it is gone; if not, `refusal` says why. */
export interface Removal {
  readonly isBusy: boolean;
  readonly refusal: Refusal | null;
  remove(): Promise<boolean>;
}

/** Asks the server for it, then does `onGone`: what this tab shows must not wait for an event. */
export function useRemoval(ask: () => Promise<unknown>, onGone: () => unknown): Removal {
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    isBusy,
    refusal,
    async remove() {
      setIsBusy(true);
      setRefusal(null);
      try {
        await ask();
      } catch (error) {
        const refused = toRefusal(error);
        setIsBusy(false);
        // Not found is gone as well: another tab, or an operator, was faster.
        if (refused.code !== "NOT_FOUND") {
          setRefusal(refused);
          return false;
        }
      }
      await onGone();
      return true;
    },
  };
}

/** An ended job. It leaves this tab at once, and every other one with its event. */
export function useRemoveJob(jobId: string): Removal {
  const { client, feed } = useServices();
  return useRemoval(
    () => client.job.remove.mutate({ jobId }),
    () => feed.store.update((state) => withoutJob(state, jobId)),
  );
}

/** One output of an ended job. */
export function useRemoveOutput({ jobId, outputId }: { jobId: string; outputId: string }): Removal {
  const { client, feed } = useServices();
  const utils = trpc.useUtils();
  return useRemoval(
    () => client.output.remove.mutate({ outputId }),
    () => Promise.all([feed.fetch(jobId), utils.output.list.invalidate()]),
  );
}

/** An upload. */
export function useRemoveUpload(uploadId: string): Removal {
  const { client } = useServices();
  const utils = trpc.useUtils();
  return useRemoval(
    () => client.upload.remove.mutate({ uploadId }),
    () => utils.upload.list.invalidate(),
  );
}

/** An API key: from then on nobody comes in with it. */
export function useRevokeApiKey(apiKeyId: string): Removal {
  const { client } = useServices();
  const utils = trpc.useUtils();
  return useRemoval(
    () => client.apiKey.revoke.mutate({ apiKeyId }),
    () => utils.apiKey.list.invalidate(),
  );
}

/** Somebody with everything that is theirs: the visitor, unless an operator says whom. `onGone` does the rest in this tab. */
export function useRemoveAccount(ownerId: string | undefined, onGone: () => unknown): Removal {
  const { client } = useServices();
  return useRemoval(() => client.account.remove.mutate({ ownerId }), onGone);
}
