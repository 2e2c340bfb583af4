import type { Contest } from "./contest.ts";
import type { Peers } from "./peers.ts";
import type { Servers } from "./stage.ts";

/** A row's contests, and how to clear away what they stood on. `peers` is null where they are not installed: ours alone. */
export type Row = (
  servers: Servers,
  peers: Peers | null,
  scale: number,
) => Promise<{ contests: readonly Contest[]; close(): Promise<void> }>;

/** Where BullMQ finds Redis. */
export const connectionOf = ({ redisUrl }: Servers) => {
  const { hostname, port } = new URL(redisUrl);
  return { host: hostname, port: Number(port) };
};

/** graphile-worker says every job on the console otherwise. */
export const silentLogger = ({ graphile }: Peers) => new graphile.Logger(() => () => undefined);
