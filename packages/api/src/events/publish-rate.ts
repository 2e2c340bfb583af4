import { DarkroomError } from "@darkroom/contracts";

const WINDOW_MS = 60_000;

/**
 * Counts the passing events that are sent to each owner, and refuses those above the limit. Counted by each process, in whole
 * minutes; those that are kept are counted exactly, by `publishEvent`.
 *
 * @param now Milliseconds of a clock that only goes forward.
 */
export function createPublishRate(perMinute: number, now = (): number => performance.now()): (ownerId: string) => void {
  const counts = new Map<string, number>();
  let began = now();
  return (ownerId) => {
    if (now() - began >= WINDOW_MS) {
      counts.clear();
      began = now();
    }
    const count = (counts.get(ownerId) ?? 0) + 1;
    if (count > perMinute) {
      const retryAfterSeconds = Math.max(1, Math.ceil((began + WINDOW_MS - now()) / 1000));
      throw new DarkroomError("RATE_LIMITED", `${perMinute} passing events a minute may be sent to a feed.`, {
        retryAfterSeconds,
      });
    }
    counts.set(ownerId, count);
  };
}
