"use client";

import { hasRole } from "@darkroom/contracts";
import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";

export type Session = RouterOutputs["session"]["me"];

/** The visitor's session. Everyone is at least a guest; `session` is undefined until the first answer. */
export function useSession() {
  const query = trpc.session.me.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const utils = trpc.useUtils();
  const session = query.data;
  return {
    session,
    isOperator: session !== undefined && hasRole(session.role, "operator"),
    /** True if nothing but signing in is left: guests are not let in here, or this account was blocked. */
    isShutOut: session?.role === "blocked",
    error: query.error,
    reload: async () => {
      // A first answer that is still on its way would be taken for the new one, and says who the visitor was before.
      await utils.session.me.cancel();
      await query.refetch();
    },
  };
}

/** Gives the visitor a name. */
export function useRename() {
  const utils = trpc.useUtils();
  return trpc.session.rename.useMutation({ onSuccess: (session) => utils.session.me.setData(undefined, session) });
}

/** What runs behind the page: backends, whether one of them is the simulator, whether the queue is paused. */
export function useSystem() {
  return trpc.system.info.useQuery(undefined, { refetchInterval: 30_000, staleTime: 10_000 }).data;
}
