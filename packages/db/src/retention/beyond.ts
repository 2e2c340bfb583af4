import { outputKinds } from "@darkroom/contracts";
import type postgres from "postgres";
import type { Database } from "../postgres/client.ts";
import { atMost } from "../postgres/sql.ts";
import type { RetentionRule } from "./rules.ts";

type Sql = Database["sql"];
type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** The kinds whose rows have ids, and how an index finds the newest of an owner: within each value of a column. */
const tables = {
  jobs: (sql: Sql) => ({
    table: sql`jobs`,
    column: sql`state`,
    values: ["succeeded", "failed", "canceled"],
    isThere: sql`removed_at IS NULL`,
  }),
  outputs: (sql: Sql) => ({ table: sql`outputs`, column: sql`kind`, values: outputKinds, isThere: sql`true` }),
  uploads: (sql: Sql) => ({ table: sql`uploads`, column: sql`'upload'`, values: ["upload"], isThere: sql`true` }),
};

/**
 * What a rule lets go of among the rows of some owners (SQL: `id`, `created_at`): at most `most` by their number, and as many by
 * their days. `owners` is a query of their ids, and of how many events they had (`seq`): each job and each output is an event at
 * least, so whoever has had no more than may be kept is passed over. A job's days are another matter: they count from its end, and
 * an index of all jobs has them.
 */
export function beyond(
  sql: Sql,
  kind: keyof typeof tables,
  { rule, owners, most }: { readonly rule: RetentionRule; readonly owners: Fragment; readonly most: number },
): Fragment {
  const { table, column, values, isThere } = tables[kind](sql);
  const ofOwner = sql`SELECT id, created_at FROM ${table} WHERE owner_id = o.id AND ${column} = g.value AND ${isThere}`;
  const mayHaveTooMany = kind === "uploads" ? sql`true` : sql`seq > ${rule.perOwner ?? 0}`;
  const tooMany = sql`
    SELECT b.id, b.created_at FROM (SELECT id FROM (${owners}) AS n WHERE ${mayHaveTooMany}) AS o CROSS JOIN LATERAL (
      SELECT n.* FROM unnest(${[...values]}::text[]) AS g (value) CROSS JOIN LATERAL (
        ${ofOwner} ORDER BY created_at DESC, id DESC ${atMost(sql, (rule.perOwner ?? 0) + most)}) AS n
      ORDER BY n.created_at DESC, n.id DESC OFFSET ${rule.perOwner ?? 0}) AS b ${atMost(sql, most)}`;
  const tooOld = sql`
    SELECT b.id, b.created_at FROM (${owners}) AS o CROSS JOIN unnest(${[...values]}::text[]) AS g (value)
    CROSS JOIN LATERAL (
      ${ofOwner} AND created_at < now() - make_interval(days => ${rule.days ?? 0}) ORDER BY created_at, id ${atMost(sql, most)}) AS b ${atMost(sql, most)}`;
  if (rule.perOwner === null) return tooOld;
  if (rule.days === null || kind === "jobs") return tooMany;
  return sql`(${tooMany}) UNION (${tooOld})`;
}
