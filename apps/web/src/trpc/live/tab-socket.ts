import { newId } from "@darkroom/contracts";
import type { FromTab, ToTab } from "./socket-hub.ts";
import { type HallMessage, portName, type Tab } from "./tabs.ts";

/** The close code of a socket that another tab holds from now on: the next one is there at once. */
export const MOVED = 4001;

/** A tab that leads answers at once; one that has not after so long is stuck, and the lead is taken from it. */
const ANSWER_MS = 1500;

/** This tab's end of the socket that all tabs share. To tRPC it is a `WebSocket`. */
export class TabSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  readyState: number = TabSocket.CONNECTING;
  /** Only text is sent; tRPC sets it. */
  binaryType: BinaryType = "arraybuffer";
  readonly url: string;
  readonly #port: BroadcastChannel;
  readonly #hall: BroadcastChannel;
  /** Takes the lead if nobody answers. */
  #deposing: ReturnType<typeof setTimeout> | undefined;
  /** Who answered. */
  #leader: string | null = null;
  /** Lets go of the lock that says that this end is there. */
  #release: () => void = () => undefined;

  constructor(tab: Tab, url: string) {
    super();
    this.url = url;
    const socketId = newId();
    const name = portName(url, socketId);
    this.#port = new BroadcastChannel(name);
    this.#port.onmessage = ({ data }: MessageEvent<ToTab>) => this.#receive(data);
    this.#hall = new BroadcastChannel(url);
    const call = (): void => {
      if (this.readyState !== TabSocket.CONNECTING) return;
      clearTimeout(this.#deposing);
      this.#deposing = setTimeout(() => tab.depose(url), ANSWER_MS);
      this.#hall.postMessage({ type: "call", socketId } satisfies HallMessage);
    };
    this.#hall.onmessage = ({ data }: MessageEvent<HallMessage>) => {
      if (data.type !== "leads" || data.leader === this.#leader) return;
      if (this.readyState === TabSocket.OPEN) this.#end(MOVED, "another tab holds the socket");
      else call();
    };
    tab.join(url);
    void navigator.locks.request(name, () => {
      call();
      if (this.readyState < TabSocket.CLOSING) return new Promise<void>((resolve) => (this.#release = resolve));
    });
  }

  send(data: string): void {
    if (this.readyState === TabSocket.OPEN) this.#port.postMessage({ type: "send", data } satisfies FromTab);
  }

  close(code = 1006, reason = ""): void {
    this.#end(code, reason);
  }

  #receive(message: ToTab): void {
    switch (message.type) {
      case "taken":
        clearTimeout(this.#deposing);
        this.#leader = message.by;
        return;
      case "open":
        if (this.readyState !== TabSocket.CONNECTING) return;
        this.readyState = TabSocket.OPEN;
        this.dispatchEvent(new Event("open"));
        return;
      case "message":
        this.dispatchEvent(new MessageEvent("message", { data: message.data }));
        return;
      case "close":
        this.#end(message.code, message.reason);
    }
  }

  #end(code: number, reason: string): void {
    if (this.readyState === TabSocket.CLOSED) return;
    const hasOpened = this.readyState === TabSocket.OPEN;
    this.readyState = TabSocket.CLOSED;
    clearTimeout(this.#deposing);
    this.#port.postMessage({ type: "close" } satisfies FromTab);
    this.#port.close();
    this.#hall.close();
    this.#release();
    // As a browser's socket does: tRPC learns of a dial that failed by this event alone.
    if (!hasOpened) this.dispatchEvent(new Event("error"));
    this.dispatchEvent(new CloseEvent("close", { code, reason }));
  }
}

/** `TabSocket` as a class that takes an address alone, for whoever makes a `WebSocket` of it. */
export function tabSocketOf(tab: Tab): typeof WebSocket {
  const Shared = class extends TabSocket {
    constructor(url: string | URL) {
      super(tab, String(url));
    }
  };
  return Shared as unknown as typeof WebSocket;
}
