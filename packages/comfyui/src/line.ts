import { liftFrame } from "./events.ts";
import type { Frame, FrameFault } from "./messages.ts";
import { type ComfySocket, createComfySocket, type SocketOptions } from "./socket.ts";
import { createSubscriptions, type Subscription, type Subscriptions } from "./subscriptions.ts";

/** How many frames came in, by what became of them. */
export type FrameCounts = Readonly<Record<"delivered" | "foreign" | FrameFault, number>>;

/** One socket in one client's name, and those who hear through it. */
export interface Line extends Pick<ComfySocket, "connect" | "isOpen" | "expectFrame" | "receivedFrames"> {
  readonly clientId: string;
  /** Hears what is sent about that prompt to this line's client. */
  subscribe(promptId: string): Subscription;
  frameCounts(): FrameCounts;
  close(): Promise<void>;
}

interface LineOptions extends Pick<SocketOptions, "baseUrl" | "clientId" | "access" | "connectMs"> {
  /** Every frame that makes sense, whoever it is for. */
  readonly onFrame?: (frame: Frame) => void;
  readonly onOpen?: () => void;
  readonly onClose?: () => void;
}

/** Dials when told to, and again by itself after a first success. */
export function createLine(options: LineOptions): Line {
  const { clientId, onFrame, onOpen, onClose } = options;
  const subscriptions: Subscriptions = createSubscriptions();
  const counts: Record<keyof FrameCounts, number> = { delivered: 0, foreign: 0, unknown: 0, malformed: 0 };

  const socket = createComfySocket({
    ...options,
    onFrame: receive,
    onFault: (fault) => {
      counts[fault] += 1;
    },
    onOpen: () => {
      onOpen?.();
      subscriptions.broadcast({ type: "connected" });
    },
    onClose: () => {
      onClose?.();
      subscriptions.broadcast({ type: "disconnected" });
    },
  });

  function receive(frame: Frame): void {
    const isForeign = !deliver(frame);
    counts[isForeign ? "foreign" : "delivered"] += 1;
    onFrame?.(frame);
  }

  /** False if the frame is about a prompt that nobody here follows. */
  function deliver(frame: Frame): boolean {
    const addressed = liftFrame(frame);
    if (addressed === null) return true;
    const { event, promptId } = addressed;
    if (event.type === "queue-remaining") {
      subscriptions.broadcast(event);
      return true;
    }
    // With metadata agreed, a preview without an id is of a prompt that has no client, so it is not ours.
    if (promptId === null && socket.hasPreviewMetadata()) return false;
    return subscriptions.deliver(addressed);
  }

  return {
    clientId,
    connect: () => socket.connect(),
    isOpen: () => socket.isOpen(),
    expectFrame: (withinMs) => socket.expectFrame(withinMs),
    receivedFrames: () => socket.receivedFrames(),
    subscribe: subscriptions.subscribe,
    frameCounts: () => ({ ...counts }),
    close: async () => {
      subscriptions.closeAll();
      await socket.close();
    },
  };
}
