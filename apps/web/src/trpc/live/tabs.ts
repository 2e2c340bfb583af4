import { newId } from "@darkroom/contracts";
import { createSocketHub } from "./socket-hub.ts";

/** What is said to all tabs: somebody asks to be joined to the shared socket, or somebody has begun to lead. */
export type HallMessage =
  | { readonly type: "call"; readonly socketId: string }
  | { readonly type: "leads"; readonly leader: string };

/** This page among the tabs of its browser that share a socket. */
export interface Tab {
  /** Takes part in who holds the socket of this address, from the first call on. */
  join(url: string): void;
  /** Takes the lead from a tab that does not answer. */
  depose(url: string): void;
  /** Gives up the lead and takes no further part. A tab that is closed or that crashes does so by itself. */
  leave(): void;
}

/** The channel between one tab's end of a socket and whoever leads. */
export const portName = (url: string, socketId: string): string => `${url} ${socketId}`;

/** Whether this browser has what it takes: Web Locks are missing on pages that came by plain http from another machine. */
export const canShare = (): boolean =>
  typeof BroadcastChannel !== "undefined" && typeof navigator !== "undefined" && navigator.locks !== undefined;

/**
 * Tabs choose who holds their socket by a Web Lock. The browser gives it to the next tab the moment its holder is gone,
 * however it went; nobody has to notice anything by a timeout (decision 0031).
 */
export function createTab(dial: (url: string) => WebSocket): Tab {
  const left = new AbortController();
  const joined = new Set<string>();

  /** Holds the socket for all tabs until `over`. */
  async function serve(url: string, over: AbortSignal): Promise<void> {
    const leader = newId();
    const hub = createSocketHub(() => dial(url), leader);
    const hall = new BroadcastChannel(url);
    const taken = new Set<string>();
    hall.onmessage = ({ data }: MessageEvent<HallMessage>) => {
      if (data.type !== "call" || taken.has(data.socketId)) return;
      const { socketId } = data;
      taken.add(socketId);
      const disconnect = hub.connect(new BroadcastChannel(portName(url, socketId)));
      // The tab holds this lock as long as it has its end of the socket: a crash tells nobody anything.
      void navigator.locks.request(portName(url, socketId), { signal: over }, disconnect).catch(() => undefined);
    };
    hall.postMessage({ type: "leads", leader } satisfies HallMessage);
    if (!over.aborted) await new Promise((resolve) => over.addEventListener("abort", resolve));
    hall.close();
    hub.close();
  }

  /** Leads once the lock is granted, until it is stolen or this tab leaves. */
  async function lead(url: string, options: LockOptions): Promise<void> {
    const stolen = new AbortController();
    try {
      await navigator.locks.request(url, options, () => serve(url, AbortSignal.any([left.signal, stolen.signal])));
    } catch {
      // Another tab took the lead, or this one left while it waited.
    } finally {
      stolen.abort();
    }
  }

  return {
    join(url) {
      if (joined.has(url)) return;
      joined.add(url);
      void (async () => {
        while (!left.signal.aborted) await lead(url, { signal: left.signal });
      })();
    },
    depose: (url) => void lead(url, { steal: true }),
    leave: () => left.abort(),
  };
}
