import type { Database } from "./client.ts";
import { tryTransaction } from "./transaction.ts";

/**
 * Has `count` connections of the pool ask the same, each in a transaction. A connection costs Postgres a process, and a statement is
 * planned on each when it is first asked there: whoever asks next waits for neither.
 */
export async function warmConnections(
  database: Database,
  { count, ask }: { readonly count: number; readonly ask: (one: Database) => Promise<unknown> },
): Promise<void> {
  // A transaction keeps its connection for itself, so that as many at once are as many connections. It is none of the product's, which
  // are tried again, and where the tests stop a process; but a start that loads for two seconds loses its connection as they do.
  const warm = () => tryTransaction(database, (tx) => ask({ ...database, sql: tx as unknown as Database["sql"] }));
  await Promise.all(Array.from({ length: count }, warm));
}
