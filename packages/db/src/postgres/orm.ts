import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import * as authTables from "../schema/auth-tables.ts";
import type { Database } from "./client.ts";

export { authTables };

/**
 * better-auth's tables through drizzle, over a pool of its own that is closed with the database. Nothing connects yet. To
 * load drizzle takes longer than all else a worker loads, so nothing imports this module that can do without it.
 */
export function createOrm(database: Database): PostgresJsDatabase<typeof authTables> {
  return drizzle(database.connect(4), { schema: authTables });
}
