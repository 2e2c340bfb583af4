import type { Database } from "../postgres/client.ts";
import { isPausedNow } from "../postgres/sql.ts";

/** Whether an operator has paused the queue. */
export async function isPaused({ sql }: Database): Promise<boolean> {
  const [row] = await sql<{ paused: boolean }[]>`SELECT ${isPausedNow(sql)} AS paused`;
  return row?.paused === true;
}

/** While paused, no waiting job is claimed; what runs ends, and prompts that are on a backend are still adopted. */
export async function setPaused({ sql }: Database, paused: boolean): Promise<void> {
  await sql`
    INSERT INTO settings (key, value) VALUES ('paused', ${sql.json(paused)})
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`;
}
