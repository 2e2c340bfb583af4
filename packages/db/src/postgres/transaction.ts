import { failpoint, startPatience } from "@darkroom/contracts";
import postgres from "postgres";
import type { Database } from "./client.ts";
import { connectionLost, onAwait } from "./pool.ts";
import { retried } from "./retried.ts";

export type Transaction = postgres.TransactionSql;

/**
 * Runs `body` in a transaction and answers what it answers. `body` must await nothing but Postgres: the connection is
 * cut after two idle seconds. It runs up to three times if Postgres rolls it back because of others (a deadlock, say), so
 * ids are made before, not in it; a fourth time is the caller's to ask for, and the error says so (`isTransient`).
 */
export function inTransaction<T>(database: Database, body: (tx: Transaction) => Promise<T>): Promise<T> {
  return retried(async () => {
    const value = await tryTransaction(database, async (tx) => {
      const made = await body(tx);
      await failpoint("transaction.committing");
      return made;
    });
    await failpoint("transaction.committed");
    return value;
  });
}

/**
 * {@link inTransaction} that runs the body once. Two faults of the driver (postgres.js 3.4.9) shape it:
 *
 * - After a connection is cut it still sends `rollback` and the body's further statements on it. That write throws outside
 *   of any promise and ends the process. So no statement may reach a lost connection, and the body's promise is left
 *   unsettled, which keeps the driver from sending its `rollback`.
 * - `begin` does not always reject when its connection is lost, and a stopped server never answers. So the transaction
 *   rejects by itself after the connection has been silent for the pool's deadline.
 */
export async function tryTransaction<T>(database: Database, body: (tx: Transaction) => Promise<T>): Promise<T> {
  const never = new Promise<never>(() => undefined);
  const lost = Promise.withResolvers<never>();
  const patience = startPatience(database.deadlineMs, () => {
    database.renew();
    lost.reject(connectionLost("the transaction did not end"));
  });
  /** A statement was sent or answered: the server may take its whole time again. */
  const heard = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    patience.beginAgain();
    return answer.finally(patience.beginAgain);
  };
  let isOver = false;
  const askedAt = performance.now();
  const begun = database.sql.begin(async (tx) => {
    database.waited("connection", performance.now() - askedAt);
    patience.beginAgain();
    const guarded = new Proxy(tx, {
      apply(target, self, statement) {
        if (isOver) throw new Error("the transaction is over");
        return onAwait(Reflect.apply(target, self, statement), heard);
      },
    });
    try {
      const value = await body(guarded);
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
    return (await Promise.race([begun, lost.promise])).value;
  } finally {
    isOver = true;
    patience.end();
  }
}

/** Errors after which the connection is closed, or about to be: the driver's own, the socket's, and the server's FATALs. */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof postgres.PostgresError) return error.severity_local === "FATAL" || error.severity === "FATAL";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(?:CONNECTION_|CONNECT_|E[A-Z])/.test(code);
}
