import { createDatabase, type Database } from "../postgres/client.ts";

export interface TimedDatabase {
  readonly database: Database;
  /** Milliseconds that the statements of a call took in Postgres, all together: parsed, planned and executed. */
  timed(call: () => Promise<unknown>): Promise<number>;
}

/**
 * The database at `url` over one connection on which Postgres tells how long each step of a statement took, so that neither
 * the way there nor this process is measured. The role must be a superuser. Close its `database` in the end.
 */
export async function timedDatabase(url: string): Promise<TimedDatabase> {
  let ms = 0;
  const database = createDatabase(url, {
    max: 1,
    statementTimeoutMs: 600_000,
    applicationName: "timed",
    onNotice: ({ message }) => {
      ms += Number(/^duration: ([\d.]+) ms/.exec(message ?? "")?.[1] ?? 0);
    },
  });
  await database.sql.unsafe("SET client_min_messages = log; SET log_duration = on");
  return {
    database,
    async timed(call) {
      ms = 0;
      await call();
      return ms;
    },
  };
}
