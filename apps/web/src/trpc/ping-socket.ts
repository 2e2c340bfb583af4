import type { AppRouter } from "@darkroom/api";
import { createTRPCClient } from "@trpc/client";
import { createWSClient, wsLink } from "@trpc/client/links/wsLink/wsLink";
import { socketUrl } from "./live/live-link.ts";

export interface PingSocket {
  /** Sends a text over this socket; the answer carries it back, with the server's clock (ISO 8601). */
  ping(text: string): Promise<{ message: string; echo: string | null; at: string }>;
  close(): void;
}

/** A socket beside the tab's own, for the connection page: opens at once and does not come back by itself. */
export function openPingSocket(
  socketPath: string,
  handlers: { onOpen(): void; onClose(code: number | undefined): void },
): PingSocket {
  let closed = false;
  const socket = createWSClient({
    url: socketUrl(window.location, socketPath),
    retryDelayMs: () => 2000,
    onOpen: handlers.onOpen,
    onClose: (cause) => {
      handlers.onClose(cause?.code);
      if (!closed) void socket.close();
      closed = true;
    },
  });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });
  return {
    ping: (text) => client.system.ping.query({ text }),
    close: () => {
      closed = true;
      void socket.close();
    },
  };
}
