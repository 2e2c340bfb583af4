import type { OwnedEvent, OwnedTransient } from "@darkroom/contracts";
import type { Keys } from "./keys.ts";
import type { Redis } from "./redis.ts";

/** Ends a registration; calling it again does nothing. */
export type Release = () => void;

export interface OwnerListener {
  durable(owned: OwnedEvent): void;
  transient(owned: OwnedTransient): void;
}

export interface OwnerWatch {
  /** Resolves when Redis has acknowledged the subscription; at once while Redis is down (`isReady` tells). */
  readonly acknowledged: Promise<void>;
  readonly release: Release;
}

/** The subscribing connection of a process, shared by its hub and its worker. */
export interface Subscriber {
  /** Listens to one owner's events. Channels are subscribed while somebody watches an owner on them. */
  watchOwner(ownerId: string, listener: OwnerListener): OwnerWatch;
  /** Something can be taken: take until empty. */
  onWake(listener: () => void): Release;
  /** A job of this worker is to be canceled. */
  onCancel(workerId: string, listener: (jobId: string) => void): Release;
  /** After each reconnect, once every channel is subscribed again: what was published meanwhile is lost. */
  onReconnect(listener: () => void): Release;
  /** True while connected with every channel subscribed. */
  isReady(): boolean;
  /** `rejected`: messages that were not ours to read. `channels`: channels subscribed now. */
  stats(): { readonly rejected: number; readonly channels: number };
  /** Stops listening. The connection stays its creator's. */
  close(): void;
}

export declare function createSubscriber(redis: Redis, keys: Keys): Subscriber;
