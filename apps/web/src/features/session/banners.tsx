"use client";

import { useSyncExternalStore } from "react";
import { useNow } from "../../hooks/use-now.ts";
import { t } from "../../language/say.ts";
import { cookiesBlocked } from "../../trpc/client.ts";
import { useNoticeFeed } from "../../trpc/hooks/account/use-notice-feed.ts";
import { useConnection } from "../../trpc/hooks/use-connection.ts";

const never = (): (() => void) => () => undefined;

/** Says that the browser keeps no cookies, before anything is asked for in vain. */
export function CookieBanner() {
  const isKept = useSyncExternalStore(
    never,
    () => navigator.cookieEnabled,
    () => true,
  );
  if (isKept) return null;
  return (
    <div role="alert" className="border-b border-bad/30 bg-bad/12 px-4 py-2 text-center text-sm">
      {cookiesBlocked()}
    </div>
  );
}

/**
 * A line across the page once nothing has come from the server for more than a moment. What operators tell everyone is heard from here
 * too, because no first load needs it.
 */
export function ConnectionBanner() {
  const { status, since, transport } = useConnection();
  useNoticeFeed(status === "live" && transport === "ws");
  const isAway = status === "reconnecting" || status === "offline";
  const now = useNow(500, isAway);
  if (!isAway || now === null || now - since < 2000) return null;
  return (
    <div role="status" className="border-b border-warn/30 bg-warn/12 px-4 py-2 text-center text-sm">
      {status === "offline"
        ? t`You are offline. Your jobs go on, and what you missed will come when you are back.`
        : t`The connection is away; trying again. Your jobs go on, and what you missed will come.`}
    </div>
  );
}
