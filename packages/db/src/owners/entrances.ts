import type { Database } from "../postgres/client.ts";
import { isoClock } from "../postgres/sql.ts";

/** What operators open and close at run time: `guests` is for visitors without an account, `signUp` for making one, `gallery` for the public gallery. */
export const entrances = ["guests", "signUp", "gallery"] as const;
export type Entrance = (typeof entrances)[number];

export interface EntranceSwitch {
  readonly isOpen: boolean;
  /** When somebody last switched it, and who; null: nobody ever did, or they were removed. */
  readonly changedAt: string | null;
  readonly changedBy: { readonly ownerId: string; readonly displayName: string | null } | null;
}

/** How operators have switched each entrance; open where nobody ever did. */
export async function readEntrances({ sql }: Database): Promise<Record<Entrance, EntranceSwitch>> {
  const rows = await sql<(EntranceSwitch & { entrance: Entrance })[]>`
    SELECT e.key AS entrance, (e.value->'isOpen')::boolean AS "isOpen", e.value->>'changedAt' AS "changedAt",
      CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('ownerId', o.id, 'displayName', o.display_name) END AS "changedBy"
    FROM settings s CROSS JOIN jsonb_each(s.value) e
    LEFT JOIN owners o ON o.id = (e.value->>'ownerId')::uuid AND o.kind <> 'removed'
    WHERE s.key = 'entrances'`;
  const switchOf = (entrance: Entrance): EntranceSwitch => {
    const { isOpen, changedAt, changedBy } = rows.find((row) => row.entrance === entrance) ?? neverSwitched;
    return { isOpen, changedAt, changedBy };
  };
  return { guests: switchOf("guests"), signUp: switchOf("signUp"), gallery: switchOf("gallery") };
}

const neverSwitched: EntranceSwitch = { isOpen: true, changedAt: null, changedBy: null };

/** Opens or closes an entrance for every web process. `ownerId`: who does it. */
export async function setEntrance(
  { sql }: Database,
  change: { readonly entrance: Entrance; readonly isOpen: boolean; readonly ownerId: string },
): Promise<void> {
  const { entrance, isOpen, ownerId } = change;
  await sql`
    INSERT INTO settings AS s (key, value) VALUES ('entrances', jsonb_build_object(${entrance}::text,
      jsonb_build_object('isOpen', ${isOpen}::boolean, 'ownerId', ${ownerId}::text, 'changedAt', ${isoClock(sql)})))
    ON CONFLICT (key) DO UPDATE SET value = s.value || EXCLUDED.value`;
}
