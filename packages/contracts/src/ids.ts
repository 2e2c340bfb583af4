import { v7 } from "uuid";

/** Random bytes for 256 ids: the system takes nearly as long to give sixteen as to give all of these. */
const pool = new Uint8Array(16 * 256);
let used = pool.length;

/** Sixteen bytes that nobody can guess, each given once; to be used at once, since their place is filled anew. */
export function randomBytes16(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

let lastMs = 0;
let seq = 0;

/**
 * A fresh UUIDv7, greater than all that this process made before. Every id of ours is one, in canonical lower case: sortable by time,
 * safe in URLs, file names and Redis. Pure computation: ids are made before a transaction begins, so that a retry reuses them.
 */
export function newId(): string {
  const random = randomBytes16();
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // Half of the numbers are left to count up to within the millisecond.
    seq = new DataView(random.buffer, random.byteOffset).getUint32(6) & 0x7fffffff;
  } else seq += 1;
  return v7({ random, msecs: lastMs, seq });
}

/** When an id was made: a UUIDv7 begins with the milliseconds since 1970. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
}
