import { createBatcher, withDeadline } from "@darkroom/contracts";
import type { CountChange, Full, Instances } from "@darkroom/queue";
import type { SharedCounts } from "./connections.ts";

/** How long a new connection waits for Redis before this process decides alone. */
const PATIENCE_MS = 250;

/**
 * Connections counted over all processes, in Redis. While Redis is away each process holds its own limits, and tells all its counts
 * with its next report. Those that come and go in the same moment are told together, and in that order, so that the last
 * count that is told is the right one.
 *
 * @param listener `changed`: something is worth reporting; `doubt`: Redis may not have these counts
 */
export function createSharedCounts(
  instances: Instances,
  instanceId: string,
  listener: { changed(): void; doubt(): void },
): SharedCounts {
  const tell = createBatcher<CountChange, Full>((changes) => instances.count(instanceId, changes));
  return {
    async admit(asked) {
      listener.changed();
      const alone = (): null => {
        listener.doubt();
        return null;
      };
      return withDeadline(tell(asked).catch(alone), PATIENCE_MS, alone);
    },
    gone(change) {
      listener.changed();
      tell(change).catch(() => listener.doubt());
    },
  };
}
