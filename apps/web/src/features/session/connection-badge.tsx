"use client";

import Link from "next/link";
import { useNow } from "../../hooks/use-now.ts";
import { paths } from "../../paths.ts";
import { useConnection } from "../../trpc/hooks/use-connection.ts";
import { cx } from "../../ui/class-names.ts";

const words = { connecting: "Connecting", live: "Live", reconnecting: "Reconnecting" } as const;

/** Says whether the page is live, reconnecting or offline. */
export function ConnectionBadge() {
  const { status, reconnects } = useConnection();
  const title = reconnects === 0 ? words[status] : `${words[status]}, reconnected ${reconnects} times`;
  return (
    <Link
      href={paths.connection}
      title={title}
      className="flex min-h-9 items-center gap-2 rounded-lg px-2 text-xs text-muted hover:bg-raised hover:text-ink"
    >
      <span
        aria-hidden
        className={cx("size-2 rounded-full", status === "live" ? "bg-good" : "animate-breathe bg-warn")}
      />
      <span className="max-sm:sr-only">{words[status]}</span>
    </Link>
  );
}

/** A line across the page once the connection has been away for more than a moment. */
export function ConnectionBanner() {
  const { status, since } = useConnection();
  const isAway = status === "reconnecting";
  const now = useNow(500, isAway);
  if (!isAway || now === null || now - since < 2000) return null;
  return (
    <div role="status" className="border-b border-warn/30 bg-warn/12 px-4 py-2 text-center text-sm">
      The connection is away; trying again. Your jobs go on, and what you missed will come.
    </div>
  );
}
