import { timestamp } from "drizzle-orm/pg-core";

/** A point in time. Milliseconds, so that a JavaScript date is exact and a keyset cursor skips nothing. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
