import { DarkroomError, type Principal } from "@darkroom/contracts";

/** Calls of one caller that are worked on at once. */
export const MAX_IN_FLIGHT = 16;
/** Calls of all guests of one address together: each visit without a cookie is a guest of its own. */
const MAX_IN_FLIGHT_PER_ADDRESS = 4 * MAX_IN_FLIGHT;
/** Calls that wait for one of these places; a page of thumbnails over HTTP/2 asks for more than there are places. */
const MAX_WAITING = 64;
/** How long a call waits for a place. */
const PATIENCE_MS = 5000;
const RETRY_SECONDS = 1;

/**
 * Bounds the work that one caller has in flight, whatever door it came in by.
 *
 * Resolves, when there is a place, with what gives it back.
 *
 * @throws DarkroomError `RATE_LIMITED` where too many wait already, or none became free in five seconds
 */
export type InFlight = (principal: Principal, address: string | undefined) => Promise<() => void>;

export function createInFlight({ patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {}): InFlight {
  const ofOwner = createPlaces(MAX_IN_FLIGHT, patienceMs);
  const ofAddress = createPlaces(MAX_IN_FLIGHT_PER_ADDRESS, patienceMs);
  return async (principal, address) => {
    const leaveOwner = await ofOwner(principal.ownerId);
    if (principal.kind !== "guest" || address === undefined) return leaveOwner;
    try {
      const leaveAddress = await ofAddress(address);
      return () => {
        leaveAddress();
        leaveOwner();
      };
    } catch (error) {
      leaveOwner();
      throw error;
    }
  };
}

interface Taken {
  held: number;
  /** Those who wait, first come first served; each is given the place of one who left. */
  readonly waiting: (() => void)[];
}

/** `limit` places for each key. */
function createPlaces(limit: number, patienceMs: number): (key: string) => Promise<() => void> {
  const byKey = new Map<string, Taken>();

  function leave(key: string, taken: Taken): void {
    const next = taken.waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    taken.held -= 1;
    if (taken.held === 0) byKey.delete(key);
  }

  return async (key) => {
    const taken = byKey.get(key) ?? { held: 0, waiting: [] };
    byKey.set(key, taken);
    if (taken.held < limit) taken.held += 1;
    else await turn(taken, limit, patienceMs);
    return () => leave(key, taken);
  };
}

function turn({ waiting }: Taken, limit: number, patienceMs: number): Promise<void> {
  const refusal = () =>
    new DarkroomError("RATE_LIMITED", `You have ${limit} requests under way. Ask again when some are answered.`, {
      retryAfterSeconds: RETRY_SECONDS,
    });
  if (waiting.length >= MAX_WAITING) return Promise.reject(refusal());
  return new Promise((resolve, reject) => {
    const enter = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(refusal());
    }, patienceMs);
    waiting.push(enter);
  });
}
