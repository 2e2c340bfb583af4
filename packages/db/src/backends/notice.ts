import type { Database } from "../postgres/client.ts";
import { clock } from "../postgres/sql.ts";

/** What operators tell everyone who has a page open. */
export interface Notice {
  readonly message: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What everyone is told now; null: nothing. */
export async function readNotice({ sql }: Database): Promise<Notice | null> {
  const [row] = await sql<{ message: string; since: Date }[]>`
    SELECT value->>'message' AS message, (value->>'since')::timestamptz AS since FROM settings
    WHERE key = 'notice' AND coalesce((value->>'until')::timestamptz > now(), true)`;
  return row === undefined ? null : { message: row.message, since: row.since.toISOString() };
}

/** Tells everyone, for so many minutes or (null) until it is taken back; a message of null takes it back. */
export async function setNotice(
  { sql }: Database,
  { message, minutes }: { readonly message: string | null; readonly minutes: number | null },
): Promise<void> {
  if (message === null) {
    await sql`DELETE FROM settings WHERE key = 'notice'`;
    return;
  }
  await sql`
    INSERT INTO settings (key, value) VALUES ('notice', jsonb_build_object('message', ${message}::text, 'since', ${clock(sql)},
      'until', ${clock(sql)} + make_interval(mins => ${minutes}::int)))
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`;
}
