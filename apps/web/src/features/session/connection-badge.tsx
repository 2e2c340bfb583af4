"use client";

import Link from "next/link";
import { paths } from "../../paths.ts";
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
