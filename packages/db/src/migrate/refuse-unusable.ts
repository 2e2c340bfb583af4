import { backoffMs } from "@darkroom/contracts";
import postgres from "postgres";
import type { Database } from "../postgres/client.ts";
import { newerSchemaReason } from "./newer-schema.ts";

/** Waits between looks while Postgres is away. */
const LOOK_AGAIN = { firstMs: 500, maxMs: 5000 };

/**
 * Calls `refuse` with the reason if this program may not use the database: what the address says is refused, or the schema is
 * too new. It should end the process. Resolves after the first look. While Postgres is away nothing is known, so a process may
 * start; it is looked again until Postgres answers.
 */
export async function refuseUnusable({ sql }: Database, refuse: (reason: string) => void): Promise<void> {
  const look = async (tries: number): Promise<void> => {
    try {
      const reason = await newerSchemaReason(sql);
      if (reason !== null) refuse(reason);
    } catch (error) {
      const reason = refusal(error);
      if (reason !== null) return refuse(reason);
      // Whatever else is wrong with Postgres is said by those who need it.
      setTimeout(() => void look(tries + 1), backoffMs(tries, LOOK_AGAIN)).unref();
    }
  };
  await look(0);
}

/**
 * Why Postgres lets nobody in with what the address says; null if it may do so later. Before the first answer that is a mistake in
 * the settings, as a wrong password of Redis is; later the password may be changing on both sides.
 */
function refusal(error: unknown): string | null {
  if (!(error instanceof postgres.PostgresError)) return null;
  if (error.code === "28P01" || error.code === "28000")
    return `Postgres refuses its user or password (${error.message})`;
  return error.code === "3D000" ? `Postgres does not have it (${error.message})` : null;
}
