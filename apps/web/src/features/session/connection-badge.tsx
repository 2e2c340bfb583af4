"use client";

import { t, tPlural } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { useConnection } from "../../trpc/hooks/use-connection.ts";
import { cx } from "../../ui/class-names.ts";
import { Link } from "../../ui/link.tsx";

const words = () => ({
  connecting: t`Connecting`,
  live: t`Live`,
  polling: t`Polling`,
  reconnecting: t`Reconnecting`,
  offline: t`Offline`,
});

const meanings = () => ({
  connecting: t`The line to the server is being opened.`,
  live: t`What happens is shown as it happens.`,
  polling: t`No line to the server can be kept open here, so the page asks every 3 seconds.`,
  reconnecting: t`The server does not answer; the page keeps trying.`,
  offline: t`This device has no network.`,
});

/** Says how the page learns what happens: at once over a socket or by server-sent events, by asking, or not at all. */
export function ConnectionBadge() {
  const { status, transport, reconnects } = useConnection();
  const word = transport === "sse" ? t`Live (SSE)` : words()[status];
  const meaning = meanings()[status];
  const times = tPlural(reconnects, "Reconnected {0} time.", "Reconnected {0} times.");
  return (
    <Link
      href={paths.connection}
      title={reconnects === 0 ? meaning : `${meaning} ${times}`}
      className="flex min-h-9 items-center gap-2 rounded-lg px-2 text-xs text-muted hover:bg-raised hover:text-ink"
    >
      <span
        aria-hidden
        className={cx(
          "size-2 rounded-full",
          status === "live" ? "bg-good" : status === "polling" ? "bg-warn" : "animate-breathe bg-warn",
        )}
      />
      <span className="max-lg:sr-only">{word}</span>
    </Link>
  );
}
