"use client";

import Link from "next/link";
import { useSyncExternalStore } from "react";
import { useNow } from "../../hooks/use-now.ts";
import { paths } from "../../paths.ts";
import { COOKIES_BLOCKED } from "../../trpc/client.ts";
import { useConnection } from "../../trpc/hooks/use-connection.ts";
import { cx } from "../../ui/class-names.ts";

const words = {
  connecting: "Connecting",
  live: "Live",
  polling: "Polling",
  reconnecting: "Reconnecting",
  offline: "Offline",
} as const;

const meanings = {
  connecting: "The line to the server is being opened.",
  live: "What happens is shown as it happens.",
  polling: "No line to the server can be kept open here, so the page asks every 3 seconds.",
  reconnecting: "The server does not answer; the page keeps trying.",
  offline: "This device has no network.",
} as const;

/** Says how the page learns what happens: at once over a socket or by server-sent events, by asking, or not at all. */
export function ConnectionBadge() {
  const { status, transport, reconnects } = useConnection();
  const word = transport === "sse" ? "Live (SSE)" : words[status];
  const times = reconnects === 0 ? "" : ` Reconnected ${reconnects} times.`;
  return (
    <Link
      href={paths.connection}
      title={`${meanings[status]}${times}`}
      className="flex min-h-9 items-center gap-2 rounded-lg px-2 text-xs text-muted hover:bg-raised hover:text-ink"
    >
      <span
        aria-hidden
        className={cx(
          "size-2 rounded-full",
          status === "live" ? "bg-good" : status === "polling" ? "bg-warn" : "animate-breathe bg-warn",
        )}
      />
      <span className="max-sm:sr-only">{word}</span>
    </Link>
  );
}

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
      {COOKIES_BLOCKED}
    </div>
  );
}

/** A line across the page once nothing has come from the server for more than a moment. */
export function ConnectionBanner() {
  const { status, since } = useConnection();
  const isAway = status === "reconnecting" || status === "offline";
  const now = useNow(500, isAway);
  if (!isAway || now === null || now - since < 2000) return null;
  return (
    <div role="status" className="border-b border-warn/30 bg-warn/12 px-4 py-2 text-center text-sm">
      {status === "offline"
        ? "You are offline. Your jobs go on, and what you missed will come when you are back."
        : "The connection is away; trying again. Your jobs go on, and what you missed will come."}
    </div>
  );
}
