import type { Database } from "../postgres/client.ts";
import { isoClock, json } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";

/** What is kept for a while: ended jobs, the files they made, what people sent, and the events of feeds. */
export const retentionKinds = ["jobs", "outputs", "uploads", "events"] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** How long one kind is kept; what either rule lets go of goes. Null: that rule lets go of nothing. */
export interface RetentionRule {
  /** Days: of a job since its end, of anything else since it was made. */
  readonly days: number | null;
  /** How many of the newest ones each owner keeps. */
  readonly perOwner: number | null;
}
export type RetentionRules = Readonly<Record<RetentionKind, RetentionRule>>;

/** Changes of rules: what is left out stays, null takes a rule back. */
export type RetentionChanges = {
  readonly [Kind in RetentionKind]?:
    | { readonly [Rule in keyof RetentionRule]?: RetentionRule[Rule] | undefined }
    | undefined;
};

/** What operators have set, and who; the days of the environment come on top (see `withinDays`). */
export interface StoredRetention {
  readonly rules: RetentionRules;
  /** Seconds that a running job's current preview is kept. */
  readonly previewSeconds: number;
  /** When somebody last set a rule, and who; null: nobody ever did, or they were removed. */
  readonly changedAt: string | null;
  readonly changedBy: { readonly ownerId: string; readonly displayName: string | null } | null;
}

/** How long events can be read again at most; a cursor that is older starts over with a snapshot. */
export const EVENT_DAYS = 30;

/** How long previews are kept at most, in seconds. */
export const PREVIEW_SECONDS = 120;

const noRule: RetentionRule = { days: null, perOwner: null };
export const noRules: RetentionRules = { jobs: noRule, outputs: noRule, uploads: noRule, events: noRule };

/** The rules with these changes. */
export function changedRules(rules: RetentionRules, changes: RetentionChanges): RetentionRules {
  const changed = (kind: RetentionKind): RetentionRule => {
    const { days = rules[kind].days, perOwner = rules[kind].perOwner } = changes[kind] ?? {};
    return { days, perOwner };
  };
  return { jobs: changed("jobs"), outputs: changed("outputs"), uploads: changed("uploads"), events: changed("events") };
}

/** The rules where nothing is kept longer than `days` says of its kind; null: that bounds nothing. */
export function withinDays(
  rules: RetentionRules,
  days: { readonly [Kind in RetentionKind]?: number | null | undefined },
): RetentionRules {
  const within = (kind: RetentionKind): RetentionRule => {
    const bounds = [rules[kind].days, days[kind] ?? null].filter((bound) => bound !== null);
    return { ...rules[kind], days: bounds.length === 0 ? null : Math.min(...bounds) };
  };
  return { jobs: within("jobs"), outputs: within("outputs"), uploads: within("uploads"), events: within("events") };
}

/** The rules that operators have set. */
export const readRetention = ({ sql }: Database): Promise<StoredRetention> => storedRetention(sql);

async function storedRetention(sql: Database["sql"] | Transaction): Promise<StoredRetention> {
  const [row] = await sql<(Omit<StoredRetention, "rules"> & { rules: RetentionChanges })[]>`
    SELECT s.value->'rules' AS rules, coalesce((s.value->>'previewSeconds')::int, ${PREVIEW_SECONDS})::int AS "previewSeconds", s.value->>'changedAt' AS "changedAt",
      CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('ownerId', o.id, 'displayName', o.display_name) END AS "changedBy"
    FROM settings s LEFT JOIN owners o ON o.id = (s.value->>'ownerId')::uuid AND o.kind <> 'removed'
    WHERE s.key = 'retention'`;
  if (row === undefined) return { rules: noRules, previewSeconds: PREVIEW_SECONDS, changedAt: null, changedBy: null };
  return { ...row, rules: changedRules(noRules, row.rules) };
}

/** Changes rules for every process. `previewSeconds`: null takes it back, undefined leaves it. `ownerId`: who does it. */
export async function setRetention(
  database: Database,
  {
    changes,
    previewSeconds,
    ownerId,
  }: {
    readonly changes: RetentionChanges;
    readonly previewSeconds?: number | null | undefined;
    readonly ownerId: string;
  },
): Promise<void> {
  await inTransaction(database, async (tx) => {
    // What two operators change at once is both changed.
    await tx`SELECT pg_advisory_xact_lock(hashtextextended('retention', 0))`;
    const { rules, previewSeconds: held } = await storedRetention(tx);
    const seconds = previewSeconds === undefined ? held : (previewSeconds ?? PREVIEW_SECONDS);
    await tx`
    INSERT INTO settings AS s (key, value) VALUES ('retention', jsonb_build_object(
      'rules', ${json(tx, changedRules(rules, changes))}::jsonb, 'previewSeconds', ${seconds}::int, 'ownerId', ${ownerId}::text, 'changedAt', ${isoClock(tx)}))
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`;
  });
}
