"use client";

import { trpc } from "../../client.ts";

/** Has the header show what operators tell everyone as soon as they say it, or take it back. */
export function useNoticeFeed(): void {
  const utils = trpc.useUtils();
  trpc.system.onNotice.useSubscription(undefined, {
    onData: ({ data: { notice } }) => {
      if (notice !== undefined) utils.system.info.setData(undefined, (info) => info && { ...info, notice });
    },
  });
}
