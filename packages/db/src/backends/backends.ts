import type { NodeCatalog, NodeInfo } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { clock, interval, isLive, json } from "../postgres/sql.ts";

export type BackendState = "up" | "down" | "draining";

export interface BackendReport {
  readonly backendId: string;
  readonly url: string;
  readonly workerId: string;
  /**
   * What the worker sees now; draining is the operators' and kept. `starting`: it answers, and its nodes are not known
   * yet, so it takes nothing new and keeps what it has. `gone`: it refuses connections, so its process has ended, and its queue
   * with it; `down` says only that it does not answer.
   */
  readonly state: "up" | "starting" | "down" | "gone";
  /** ComfyUI's version; null keeps the stored one. The same holds for the catalog, the node info and `stats`. */
  readonly version: string | null;
  readonly catalog: NodeCatalog | null;
  readonly catalogHash: string | null;
  readonly nodeInfo?: { readonly info: NodeInfo; readonly hash: string } | null;
  readonly stats: Readonly<Record<string, unknown>> | null;
  /** Model files by folder; null keeps the stored ones. */
  readonly models?: Readonly<Record<string, readonly string[]>> | null;
  /** What waits and runs in ComfyUI's own queue, of everybody; null keeps what is stored, unless it is down. */
  readonly prompts?: { readonly running: number; readonly pending: number } | null;
  /** The model key of the last prompt sent there; empty: none is loaded; null keeps the stored one. */
  readonly warmModel?: string | null;
}
/** What the report's writer may not know by itself. */
export interface BackendNotes {
  readonly draining: boolean;
  /** As any worker last noted it; null: none is known to be loaded. */
  readonly warmModel: string | null;
}
export interface StoredBackend {
  readonly backendId: string;
  readonly url: string;
  readonly version: string | null;
  readonly state: BackendState;
  readonly catalogHash: string | null;
  readonly stats: Readonly<Record<string, unknown>> | null;
  /** Last report of any worker, and the last that reached it. */
  readonly seenAt: string;
  readonly reachedAt: string | null;
  readonly workerId: string;
  readonly nodeCount: number | null;
  /** Model files in all folders; {@link backendModels} names them. */
  readonly modelCount: number | null;
  readonly prompts: { readonly running: number; readonly pending: number } | null;
  readonly warmModel: string | null;
  /** Of kind `run`. */
  readonly slots: { readonly held: number; readonly total: number };
  /** Ids of the jobs that run there. */
  readonly jobIds: readonly string[];
}
export interface LiveCatalog {
  readonly backendId: string;
  /** ComfyUI's; null from servers too old to say. */
  readonly version: string | null;
  readonly catalogHash: string;
  readonly catalog: NodeCatalog;
}

/**
 * Notes what a worker sees of a backend. Report at least every three seconds: after ten without a report that reached it
 * a backend counts as gone. Send the catalog only when it changed.
 */
export async function upsertBackend({ sql }: Database, report: BackendReport): Promise<BackendNotes> {
  const { backendId, workerId, version, catalogHash, warmModel = null, prompts = null } = report;
  const url = withoutCredentials(report.url);
  const reachable = report.state === "up";
  const answers = reachable || report.state === "starting";
  const jsonOrNull = (value: unknown) => (value == null ? null : json(sql, value));
  const { catalog, nodeInfo, stats, models } = report;
  const nodeCount = catalog === null ? null : Object.keys(catalog).length;
  const [notes] = await sql<[BackendNotes]>`
    INSERT INTO backends AS b (id, url, worker_id, reachable, version, catalog, catalog_hash, node_count, node_info,
      node_info_hash, models, stats, running_prompts, pending_prompts, warm_model, seen_at, reached_at, refused_at)
    VALUES (${backendId}, ${url}, ${workerId}, ${reachable}, ${version}, ${jsonOrNull(catalog)}, ${catalogHash},
      ${nodeCount}, ${jsonOrNull(nodeInfo?.info)}, ${nodeInfo?.hash ?? null}, ${jsonOrNull(models)}, ${jsonOrNull(stats)},
      ${prompts?.running ?? null}, ${prompts?.pending ?? null}, ${warmModel}, ${clock(sql)},
      CASE WHEN ${answers} THEN ${clock(sql)} END, CASE WHEN ${report.state === "gone"} THEN ${clock(sql)} END)
    ON CONFLICT (id) DO UPDATE SET url = EXCLUDED.url, worker_id = EXCLUDED.worker_id, reachable = EXCLUDED.reachable,
      version = coalesce(EXCLUDED.version, b.version), catalog = coalesce(EXCLUDED.catalog, b.catalog),
      catalog_hash = coalesce(EXCLUDED.catalog_hash, b.catalog_hash),
      node_count = coalesce(EXCLUDED.node_count, b.node_count), node_info = coalesce(EXCLUDED.node_info, b.node_info),
      node_info_hash = coalesce(EXCLUDED.node_info_hash, b.node_info_hash),
      models = coalesce(EXCLUDED.models, b.models), stats = coalesce(EXCLUDED.stats, b.stats),
      -- What is down may have lost its queue, so what it last held is no news of it.
      running_prompts = coalesce(EXCLUDED.running_prompts, CASE WHEN ${answers} THEN b.running_prompts END),
      pending_prompts = coalesce(EXCLUDED.pending_prompts, CASE WHEN ${answers} THEN b.pending_prompts END),
      warm_model = coalesce(EXCLUDED.warm_model, b.warm_model),
      seen_at = EXCLUDED.seen_at, reached_at = coalesce(EXCLUDED.reached_at, b.reached_at),
      refused_at = coalesce(EXCLUDED.refused_at, CASE WHEN NOT ${answers} THEN b.refused_at END)
    RETURNING draining_at IS NOT NULL AS draining, nullif(warm_model, '') AS "warmModel"`;
  return notes;
}

/** A password in the address is for the workers only, so it is not even stored. */
function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}

/** Every backend that was seen within the last day, by id. */
export async function listBackends({ sql }: Database): Promise<StoredBackend[]> {
  const rows = await sql<
    (Omit<StoredBackend, "seenAt" | "reachedAt" | "slots" | "prompts"> & {
      runningPrompts: number | null;
      pendingPrompts: number | null;
      seenAt: Date;
      reachedAt: Date | null;
      held: number;
      total: number;
    })[]
  >`
    SELECT b.id AS "backendId", b.url, b.version, b.catalog_hash AS "catalogHash", b.stats, b.worker_id AS "workerId",
      b.node_count AS "nodeCount", nullif(b.warm_model, '') AS "warmModel",
      (SELECT sum(jsonb_array_length(files.value))::int FROM jsonb_each(b.models) files) AS "modelCount",
      b.running_prompts AS "runningPrompts", b.pending_prompts AS "pendingPrompts", b.seen_at AS "seenAt", b.reached_at AS "reachedAt",
      CASE WHEN b.draining_at IS NOT NULL THEN 'draining' WHEN ${isLive(sql)} THEN 'up' ELSE 'down' END AS state,
      (SELECT count(*) FROM slots s WHERE s.backend_id = b.id AND s.kind = 'run' AND s.lease_until > now()) AS held,
      (SELECT count(*) FROM slots s WHERE s.backend_id = b.id AND s.kind = 'run') AS total,
      to_jsonb(ARRAY(SELECT j.id FROM jobs j WHERE j.backend_id = b.id AND j.state IN ('running', 'canceling')
        ORDER BY j.id)) AS "jobIds"
    FROM backends b WHERE b.seen_at > now() - ${interval(sql, 86_400)} OR b.draining_at IS NOT NULL ORDER BY b.id`;
  return rows.map(({ held, total, seenAt, reachedAt, runningPrompts, pendingPrompts, ...row }) => ({
    ...row,
    prompts: runningPrompts === null ? null : { running: runningPrompts, pending: pendingPrompts ?? 0 },
    seenAt: seenAt.toISOString(),
    reachedAt: reachedAt?.toISOString() ?? null,
    slots: { held, total },
  }));
}

/** Backend id → its model files by folder, for the backends that were asked. */
export async function backendModels({
  sql,
}: Pick<Database, "sql">): Promise<Map<string, Readonly<Record<string, readonly string[]>>>> {
  const rows = await sql<{ id: string; models: Readonly<Record<string, readonly string[]>> }[]>`
    SELECT id, models FROM backends WHERE models IS NOT NULL`;
  return new Map(rows.map(({ id, models }) => [id, models]));
}

/** Stops or resumes giving out a backend's slots; what runs there ends undisturbed. False if there is no such backend. */
export async function setBackendDraining(
  { sql }: Database,
  change: { backendId: string; draining: boolean },
): Promise<boolean> {
  const rows = await sql`
    UPDATE backends SET draining_at = CASE WHEN ${change.draining} THEN coalesce(draining_at, ${clock(sql)}) END
    WHERE id = ${change.backendId} RETURNING id`;
  return rows.length > 0;
}

/** Catalogs by their hash: a real ComfyUI's is megabytes of JSON, and every submit looks at it. */
const knownCatalogs = new WeakMap<Database, ReadonlyMap<string, NodeCatalog>>();

/** The catalogs of the backends that take new work now; empty: none is known yet, so nothing can be refused. */
export function liveCatalogs(database: Database): Promise<readonly LiveCatalog[]> {
  return database.sharedReads("live catalogs", () => readLiveCatalogs(database));
}

async function readLiveCatalogs(database: Database): Promise<readonly LiveCatalog[]> {
  const { sql } = database;
  const live = await sql<Omit<LiveCatalog, "catalog">[]>`
    SELECT b.id AS "backendId", b.version, b.catalog_hash AS "catalogHash" FROM backends b
    WHERE ${isLive(sql)} AND b.catalog IS NOT NULL AND b.catalog_hash IS NOT NULL ORDER BY b.id`;
  const hashes = new Set(live.map(({ catalogHash }) => catalogHash));
  const known = knownCatalogs.get(database) ?? new Map();
  const unknown = [...hashes].filter((hash) => !known.has(hash));
  const read =
    unknown.length === 0
      ? []
      : await sql<{ hash: string; catalog: NodeCatalog }[]>`
          SELECT DISTINCT ON (catalog_hash) catalog_hash AS hash, catalog FROM backends
          WHERE catalog IS NOT NULL AND catalog_hash = ANY(${unknown}::text[])`;
  const catalogs = new Map([...known].filter(([hash]) => hashes.has(hash)));
  for (const { hash, catalog } of read) catalogs.set(hash, catalog);
  knownCatalogs.set(database, catalogs);
  return live.flatMap((backend) => {
    const catalog = catalogs.get(backend.catalogHash);
    return catalog === undefined ? [] : [{ ...backend, catalog }];
  });
}

/** A live backend as a graph is checked against it. */
export interface DescribedBackend extends LiveCatalog {
  /** Null until its worker has told. */
  readonly info: NodeInfo | null;
}

/** {@link liveCatalogs} with all that is known of their nodes: megabytes, so only for checks and imports. */
export async function describedBackends(database: Database): Promise<DescribedBackend[]> {
  const { sql } = database;
  const [live, hashes, infos] = await Promise.all([
    liveCatalogs(database),
    sql<{ backendId: string; hash: string }[]>`
      SELECT id AS "backendId", node_info_hash AS hash FROM backends b WHERE ${isLive(sql)} AND node_info IS NOT NULL`,
    // Backends of one kind are described once.
    sql<{ hash: string; info: NodeInfo }[]>`
      SELECT DISTINCT ON (node_info_hash) node_info_hash AS hash, node_info AS info FROM backends b
      WHERE ${isLive(sql)} AND node_info IS NOT NULL`,
  ]);
  const hashOf = new Map(hashes.map(({ backendId, hash }) => [backendId, hash]));
  const infoOf = new Map(infos.map(({ hash, info }) => [hash, info]));
  return live.map((backend) => ({ ...backend, info: infoOf.get(hashOf.get(backend.backendId) ?? "") ?? null }));
}
