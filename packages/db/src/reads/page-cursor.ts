import { DarkroomError } from "@darkroom/contracts";
import { isUuid } from "../postgres/sql.ts";

/** A place in a list ordered by time and id, newest first. */
export interface Place {
  /** ISO 8601 with milliseconds, which is all a stored time has. */
  readonly at: string;
  readonly id: string;
}

/** The `nextCursor` of a page whose last row is there. */
export function encodeCursor(place: Place): string {
  return Buffer.from(`${place.at} ${place.id}`).toString("base64url");
}

/** @throws DarkroomError `INPUT_INVALID` for what no page of ours gave. */
export function decodeCursor(cursor: string | null | undefined): Place | null {
  if (cursor === null || cursor === undefined) return null;
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
  // Postgres knows no year 0.
  if (!/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at) || Number.isNaN(Date.parse(at)) || !isUuid(id)) {
    throw notOurCursor();
  }
  return { at, id };
}

export function notOurCursor(): DarkroomError {
  const fields = [{ path: "cursor", message: "must be the nextCursor of a page" }];
  return new DarkroomError("INPUT_INVALID", "This cursor is not one of ours.", { fields });
}

/** The first `limit` of the rows, of which one more was read to see whether there is a next page. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (row: T) => Place,
): { readonly items: readonly T[]; readonly nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null };
}
