"use client";

import { useEffect } from "react";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";

/**
 * Has the header show what operators tell everyone as soon as they say it, or take it back; for a page with a socket. Server-sent
 * events would need a stream more, of which a browser opens few: there the header asks every half minute.
 */
export function useNoticeFeed(enabled: boolean): void {
  const utils = trpc.useUtils();
  const { client } = useServices();
  useEffect(() => {
    if (!enabled) return;
    const heard = client.system.onNotice.subscribe(undefined, {
      onData: ({ data: { notice } }) => {
        if (notice !== undefined) utils.system.info.setData(undefined, (info) => info && { ...info, notice });
      },
    });
    return () => heard.unsubscribe();
  }, [client, utils, enabled]);
}
