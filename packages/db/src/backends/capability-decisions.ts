import { type Capability, type Lack, lacking, type NodeCatalog } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isLive, json } from "../postgres/sql.ts";

/**
 * Works out, once per pair, what each live backend's catalog lacks for each capability that an open job needs. Also for one that
 * was sent to a backend already: where it waits behind another, {@link shouldRelease} asks whether an idle one could begin it.
 * Catalogs are large, so they are read only when a pair is new.
 */
export async function decideCapabilities(database: Database): Promise<void> {
  const { sql } = database;
  const pairs = await sql<{ catalogHash: string; capabilityKey: string }[]>`
    SELECT c.catalog_hash AS "catalogHash", q.capability_key AS "capabilityKey"
    FROM (SELECT DISTINCT catalog_hash FROM backends b WHERE ${isLive(sql)} AND catalog IS NOT NULL) c
    CROSS JOIN (SELECT DISTINCT capability_key FROM jobs WHERE state IN ('queued', 'running')) q
    WHERE NOT EXISTS (
      SELECT 1 FROM capability_decisions a WHERE a.catalog_hash = c.catalog_hash AND a.capability_key = q.capability_key)`;
  if (pairs.length === 0) return;
  const catalogs = await sql<{ hash: string; catalog: NodeCatalog }[]>`
    SELECT DISTINCT ON (catalog_hash) catalog_hash AS hash, catalog FROM backends
    WHERE catalog IS NOT NULL AND catalog_hash = ANY(${[...new Set(pairs.map((pair) => pair.catalogHash))]}::text[])`;
  const capabilities = await sql<{ key: string; capability: Capability }[]>`
    SELECT DISTINCT ON (capability_key) capability_key AS key, capability FROM jobs
    WHERE state IN ('queued', 'running') AND capability_key = ANY(${[...new Set(pairs.map((pair) => pair.capabilityKey))]}::text[])`;
  const catalogOf = new Map(catalogs.map(({ hash, catalog }) => [hash, catalog]));
  const capabilityOf = new Map(capabilities.map(({ key, capability }) => [key, capability]));
  const decided: { catalogHash: string; capabilityKey: string; lacks: Lack[] }[] = [];
  for (const { catalogHash, capabilityKey } of pairs) {
    const catalog = catalogOf.get(catalogHash);
    const capability = capabilityOf.get(capabilityKey);
    if (catalog === undefined || capability === undefined) continue;
    decided.push({ catalogHash, capabilityKey, lacks: lacking(catalog, capability) });
  }
  await sql`
    INSERT INTO capability_decisions (catalog_hash, capability_key, lacks)
    SELECT "catalogHash", "capabilityKey", lacks
    FROM jsonb_to_recordset(${json(sql, decided)}::jsonb) AS new ("catalogHash" text, "capabilityKey" text, lacks jsonb)
    ON CONFLICT DO NOTHING`;
}

/** What is missing, in words for the person who asked. */
export function describeMissing(lacks: readonly Lack[]): string {
  const sentences = lacks.slice(0, 3).map(({ kind, name, closest }) => {
    if (kind === "node") return `No connected backend has the node ${name}.`;
    const instead = closest.length === 0 ? "" : ` The closest it has: ${closest.join(", ")}.`;
    return `No connected backend has the model ${name}.${instead}`;
  });
  return sentences.join(" ");
}
