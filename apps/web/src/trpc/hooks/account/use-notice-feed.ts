"use client";

import { trpc } from "../../client.ts";

/**
 * Has the header show what operators tell everyone as soon as they say it, or take it back; for a page with a socket. Server-sent
 * events would need a stream more, of which a browser opens few: there the header asks every half minute.
 */
export function useNoticeFeed(enabled: boolean): void {
  const utils = trpc.useUtils();
  trpc.system.onNotice.useSubscription(undefined, {
    enabled,
    onData: ({ data: { notice } }) => {
      if (notice !== undefined) utils.system.info.setData(undefined, (info) => info && { ...info, notice });
    },
  });
}
