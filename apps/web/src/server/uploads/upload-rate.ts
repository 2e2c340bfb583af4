import { DarkroomError } from "@darkroom/contracts";

const WINDOW_MS = 60_000;

export interface UploadRateLimits {
  readonly perOwner: number;
  readonly perAddress: number;
}

/**
 * Counts the uploads of each owner, and of each address whoever sends from it, and refuses those above its limits. What
 * is refused later counts as well: a damaged picture costs as much as a good one. Counted by each process, in whole
 * minutes; the bytes that are kept are bounded exactly, by `createUpload`.
 *
 * @param now Milliseconds of a clock that only goes forward.
 */
export function createUploadRate(
  { perOwner, perAddress }: UploadRateLimits,
  now = (): number => performance.now(),
): (sender: { ownerId: string; address: string | undefined }) => void {
  const counts = new Map<string, number>();
  let began = now();
  return ({ ownerId, address }) => {
    // Nobody's count is kept longer, so that a flood of new guests fills no memory.
    if (now() - began >= WINDOW_MS) {
      counts.clear();
      began = now();
    }
    const limits = [
      { key: `owner ${ownerId}`, limit: perOwner, subject: "You" },
      ...(address === undefined ? [] : [{ key: `address ${address}`, limit: perAddress, subject: "Your network" }]),
    ];
    for (const { key, limit, subject } of limits) {
      if ((counts.get(key) ?? 0) < limit) continue;
      const retryAfterSeconds = Math.max(1, Math.ceil((began + WINDOW_MS - now()) / 1000));
      throw new DarkroomError("RATE_LIMITED", `${subject} can send ${limit} images a minute.`, { retryAfterSeconds });
    }
    for (const { key } of limits) counts.set(key, (counts.get(key) ?? 0) + 1);
  };
}
