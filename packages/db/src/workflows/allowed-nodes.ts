import type { Database } from "../postgres/client.ts";
import { isoClock } from "../postgres/sql.ts";

/** A node class that an admin allowed beside the core ones. */
export interface AllowedNode {
  readonly node: string;
  /** The admin's owner. */
  readonly allowedBy: string;
  readonly allowedAt: string;
}

/** By name. */
export async function allowedNodes({ sql }: Database): Promise<AllowedNode[]> {
  return sql<AllowedNode[]>`
    SELECT a.key AS node, a.value->>'allowedBy' AS "allowedBy", a.value->>'allowedAt' AS "allowedAt"
    FROM settings s, jsonb_each(s.value) a WHERE s.key = 'allowedNodes' ORDER BY a.key`;
}

/** Allows node classes; one that is allowed already keeps who did it first. */
export async function allowNodes(
  { sql }: Database,
  { nodes, allowedBy }: { nodes: readonly string[]; allowedBy: string },
): Promise<void> {
  await sql`
    WITH new AS (
      SELECT jsonb_object_agg(node, jsonb_build_object('allowedBy', ${allowedBy}::text, 'allowedAt', ${isoClock(sql)})) AS value
      FROM unnest(${[...nodes]}::text[]) AS node)
    INSERT INTO settings AS s (key, value) SELECT 'allowedNodes', new.value FROM new WHERE new.value IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value || s.value`;
}

/** Takes node classes off the list: jobs of workflows that use them are refused from now on. */
export async function forbidNodes({ sql }: Database, nodes: readonly string[]): Promise<void> {
  await sql`UPDATE settings SET value = value - ${[...nodes]}::text[] WHERE key = 'allowedNodes'`;
}
