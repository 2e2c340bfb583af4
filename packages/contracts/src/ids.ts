import { v7 } from "uuid";

/**
 * A fresh UUIDv7. Every id of ours is one, in canonical lower case: sortable by time, safe in URLs, file names and Redis.
 * Pure computation: ids are made before a transaction begins, so that a retry reuses them.
 */
export function newId(): string {
  return v7();
}

/** When an id was made: a UUIDv7 begins with the milliseconds since 1970. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
}
