import type postgres from "postgres";
import type { Database } from "./client.ts";

export type Transaction = postgres.TransactionSql;

/** Serialization failure and deadlock: Postgres rolled back, and the same statements may succeed now. */
const transientCodes: ReadonlySet<unknown> = new Set(["40001", "40P01"]);

/**
 * Runs `body` in a transaction and answers what it answers. `body` must await nothing but Postgres: the connection is
 * cut after two idle seconds. It may run again after a deadlock, so ids are made before, not in it.
 */
export async function inTransaction<T>(database: Database, body: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      const boxed = await database.sql.begin(async (tx) => ({ value: await body(tx) }));
      return boxed.value;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (tries >= 3 || !transientCodes.has(code)) throw error;
    }
  }
}
