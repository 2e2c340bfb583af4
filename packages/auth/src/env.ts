import { z } from "zod";

/** Reads what the admin link's process needs. Throws if `DATABASE_URL` is not set. */
export function readDatabaseUrl(): string {
  return z.url({ error: "DATABASE_URL: must be a postgres:// URL" }).parse(process.env.DATABASE_URL);
}
