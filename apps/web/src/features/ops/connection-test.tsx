"use client";

import { useEffect, useRef, useState } from "react";
import { t, tNodes } from "../../language/say.ts";
import { useConnection, useSocketPath } from "../../trpc/hooks/use-connection.ts";
import { openPingSocket, type PingSocket } from "../../trpc/ping-socket.ts";
import { Button } from "../../ui/button.tsx";

/** How the page is connected, and over what. `status` stands out. */
function StatusSentence({ status, transport, reconnects }: Omit<ReturnType<typeof useConnection>, "since">) {
  const word = <strong className="text-ink">{statusWords()[status]}</strong>;
  if (transport === "ws")
    return tNodes`This page is ${word} over the socket that all tabs of this browser share, reconnected ${reconnects} times.`;
  if (transport === "sse") return tNodes`This page is ${word} by server-sent events, reconnected ${reconnects} times.`;
  return tNodes`This page is ${word}, reconnected ${reconnects} times.`;
}

const statusWords = () => ({
  connecting: t`connecting`,
  live: t`live`,
  polling: t`polling`,
  reconnecting: t`reconnecting`,
  offline: t`offline`,
});

interface Entry {
  readonly id: number;
  readonly at: string;
  readonly what: string;
  readonly detail: string;
}

/** A socket to open, close and ping by hand, with a log: shows where a connection fails. */
export function ConnectionTest() {
  const tab = useConnection();
  const socketPath = useSocketPath();
  const socket = useRef<PingSocket>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [log, setLog] = useState<readonly Entry[]>([]);
  const count = useRef(0);

  const note = (what: string, detail = ""): void => {
    count.current += 1;
    const entry = { id: count.current, at: new Date().toISOString().slice(11, 23), what, detail };
    setLog((held) => [entry, ...held].slice(0, 200));
  };

  useEffect(() => () => socket.current?.close(), []);

  const connect = (): void => {
    const begun = performance.now();
    note(t`Connecting`);
    if (socketPath === null) return;
    socket.current = openPingSocket(socketPath, {
      onOpen: () => {
        setIsOpen(true);
        note(t`Connected`, `${Math.round(performance.now() - begun)} ms`);
      },
      onClose: (code) => {
        setIsOpen(false);
        note(t`Disconnected`, code === undefined ? "" : t`code ${code}`);
      },
    });
  };
  const disconnect = (): void => {
    socket.current?.close();
    socket.current = null;
    setIsOpen(false);
  };
  const ping = async (): Promise<void> => {
    const begun = performance.now();
    const text = `ping ${count.current + 1}`;
    note(t`Ping`, t`“${text}”`);
    try {
      const answer = await socket.current?.ping(text);
      if (answer === undefined) return;
      const tripMs = (performance.now() - begun).toFixed(1);
      note(
        t`Pong`,
        t`“${answer.message}”, echo “${String(answer.echo)}”, ${tripMs} ms round trip, server time ${answer.at}`,
      );
    } catch (error) {
      note(t`Failed`, error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="space-y-5">
      <div className="text-muted">
        <div className="grid *:[grid-area:1/1]">
          {/* The longest of its sentences keeps the place, so that nothing below moves when the line stands. */}
          <p aria-hidden className="invisible">
            <StatusSentence status="reconnecting" transport="ws" reconnects={tab.reconnects} />
          </p>
          <p>
            <StatusSentence {...tab} />
          </p>
        </div>
        <p>
          {socketPath === null ? t`This server has switched sockets off.` : t`Below is a socket of its own to try.`}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={connect} disabled={isOpen || socketPath === null}>
          {t`Connect`}
        </Button>
        <Button onClick={() => void ping()} disabled={!isOpen}>
          {t`Ping`}
        </Button>
        <Button onClick={disconnect} disabled={!isOpen}>
          {t`Disconnect`}
        </Button>
      </div>
      <section aria-labelledby="log-heading" className="panel overflow-hidden">
        <h2 id="log-heading" className="border-b px-4 py-3 font-medium">
          {t`Log`}
        </h2>
        {log.length === 0 ? (
          <p className="p-4 text-muted">{t`Nothing yet. Connect, then ping.`}</p>
        ) : (
          <ol className="divide-y font-mono text-sm">
            {log.map((entry) => (
              <li key={entry.id} className="flex flex-wrap gap-x-4 px-4 py-2">
                <span className="text-faint">{entry.at}</span>
                <span className="min-w-28">{entry.what}</span>
                <span className="text-muted">{entry.detail}</span>
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
