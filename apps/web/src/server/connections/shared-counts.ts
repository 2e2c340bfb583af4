import { withDeadline } from "@darkroom/contracts";
import type { ConnectionCountsBy, Instances } from "@darkroom/queue";
import type { SharedCounts } from "./connections.ts";

/** How long a new connection waits for Redis before this process decides alone. */
const PATIENCE_MS = 250;

/**
 * Connections counted over all processes, in Redis. A connection that opens asks once; one that closes tells in passing. While
 * Redis is away each process holds its own limits, and tells all its counts with its next report.
 *
 * @param listener `changed`: something is worth reporting; `doubt`: Redis may not have these counts
 */
export function createSharedCounts(
  instances: Instances,
  instanceId: string,
  listener: { changed(): void; doubt(): void },
): SharedCounts {
  return {
    async admit(asked) {
      listener.changed();
      const alone = (): null => {
        listener.doubt();
        return null;
      };
      return withDeadline(instances.admit(instanceId, asked).catch(alone), PATIENCE_MS, alone);
    },
    changed(counts: ConnectionCountsBy) {
      listener.changed();
      instances.tell(instanceId, counts).catch(() => listener.doubt());
    },
  };
}
