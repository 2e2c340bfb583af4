"use client";

import { useMemo } from "react";
import { trpc } from "../../client.ts";

/** What a browser needs of the API to be told while no page is open. */
export function usePush() {
  const utils = trpc.useUtils();
  return useMemo(
    () => ({
      publicKey: async () => (await utils.system.info.fetch()).push.publicKey,
      subscribe: (subscription: { endpoint: string; keys: { p256dh: string; auth: string } }) =>
        utils.client.push.subscribe.mutate(subscription),
      unsubscribe: (endpoint: string) => utils.client.push.unsubscribe.mutate({ endpoint }),
    }),
    [utils],
  );
}
