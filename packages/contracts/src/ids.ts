import { v7 } from "uuid";
import * as z from "zod";

/** Every id of ours is a UUIDv7 in canonical lower case: sortable by time, safe in URLs, file names and Redis. */
export const idSchema = z.uuid().transform((id) => id.toLowerCase());

/** A fresh UUIDv7. Pure computation: ids are made before a transaction begins, so that a retry reuses them. */
export function newId(): string {
  return v7();
}
