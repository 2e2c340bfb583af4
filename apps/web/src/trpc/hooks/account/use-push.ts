"use client";

import { useMemo } from "react";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";

/** What a browser needs of the API to be told while no page is open. */
export function usePush() {
  const utils = trpc.useUtils();
  const { client } = useServices();
  return useMemo(
    () => ({
      publicKey: async () => (await utils.system.info.fetch()).push.publicKey,
      subscribe: (subscription: { endpoint: string; keys: { p256dh: string; auth: string } }) =>
        client.push.subscribe.mutate(subscription),
      unsubscribe: (endpoint: string) => client.push.unsubscribe.mutate({ endpoint }),
    }),
    [client, utils],
  );
}
