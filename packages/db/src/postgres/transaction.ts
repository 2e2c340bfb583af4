import { failpoint } from "@darkroom/contracts";
import postgres from "postgres";
import type { Database } from "./client.ts";
import { classify } from "./transient-error.ts";

export type Transaction = postgres.TransactionSql;

/** How often a transaction runs at most, if others' transactions keep getting in its way. */
const TRIES = 3;

/**
 * Runs `body` in a transaction and answers what it answers. `body` must await nothing but Postgres: the connection is
 * cut after two idle seconds. It runs up to three times if Postgres rolls it back because of others (a deadlock, say), so
 * ids are made before, not in it; a fourth time is the caller's to ask for, and the error says so (`isTransient`).
 *
 * @param options Postgres' transaction modes, e.g. `isolation level repeatable read read only`.
 */
export async function inTransaction<T>(
  database: Pick<Database, "sql">,
  body: (tx: Transaction) => Promise<T>,
  options = "",
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await once(database, body, options);
    } catch (error) {
      if (tries >= TRIES || classify(error) !== "retry") throw error;
    }
  }
}

/** Longer than any transaction of ours can take: a statement ends within 5 s, an idle one within 2 s. */
const deadlineMs = 20_000;

/**
 * postgres.js 3.4.9 sends `rollback`, and whatever else the body asks, on a connection that was cut, where the write
 * throws outside of any promise: that ends the process. So once the connection is gone nothing more may reach it, and the
 * body is left unsettled. Nor does `begin` always reject then: what the driver had queued on that connection may never
 * settle, so a deadline stands beside it.
 */
async function once<T>(
  { sql }: Pick<Database, "sql">,
  body: (tx: Transaction) => Promise<T>,
  options: string,
): Promise<T> {
  const never = new Promise<never>(() => undefined);
  const lost = Promise.withResolvers<never>();
  const deadline = setTimeout(
    () => lost.reject(Object.assign(new Error("the transaction did not end"), { code: "CONNECTION_LOST" })),
    deadlineMs,
  );
  let isOver = false;
  const begun = sql.begin(options, async (tx) => {
    const guarded = new Proxy(tx, {
      apply(target, self, statement) {
        if (isOver) throw new Error("the transaction is over");
        return Reflect.apply(target, self, statement);
      },
    });
    try {
      const value = await body(guarded);
      await failpoint("transaction.committing");
      return isOver ? await never : { value };
    } catch (error) {
      if (isOver || isConnectionLost(error)) {
        lost.reject(error);
        return never;
      }
      throw error;
    }
  });
  try {
    const { value } = await Promise.race([begun, lost.promise]);
    await failpoint("transaction.committed");
    return value;
  } finally {
    clearTimeout(deadline);
    isOver = true;
  }
}

/** Errors after which the connection is closed, or about to be: the driver's own, the socket's, and the server's FATALs. */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof postgres.PostgresError) return error.severity_local === "FATAL" || error.severity === "FATAL";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(?:CONNECTION_|CONNECT_|E[A-Z])/.test(code);
}
