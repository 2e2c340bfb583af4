import { type Output, type OutputKind, outputKinds, type SharedFact } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { atMost, isUuid } from "../postgres/sql.ts";
import { isOwnedBy } from "../reads/job-view.ts";
import { isShown, type NewOutput, outputOf } from "../reads/output-view.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";
import { workflowIdOf } from "../reads/workflow-id.ts";

export interface OutputFile {
  readonly outputId: string;
  readonly jobId: string;
  readonly ownerId: string;
  readonly storageKey: string;
  readonly sha256: string;
  readonly kind: OutputKind;
  readonly mimeType: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly sizeBytes: number;
}
/** How an output is shared. `nonce` is null where it was shared before one was kept. */
export interface OutputShare {
  readonly hash: string;
  readonly nonce: string | null;
  readonly facts: readonly SharedFact[];
  /** In the gallery since then; null: only whoever has the address sees it. */
  readonly publishedAt: string | null;
}
/** An output in a gallery. */
export interface ListedOutput extends Output {
  readonly ownerId: string;
  readonly createdAt: string;
  readonly workflow: string;
  readonly prompt: string | null;
  /** Null while it is not shared. */
  readonly share: OutputShare | null;
  /** Why operators keep it from everybody else; null: they do not. */
  readonly hidden: { readonly reason: string | null } | null;
}

/** Columns of a row of `outputs`, called `o`: which file it is, and where. */
export const fileColumns = (sql: Database["sql"]) => sql`
  o.id AS "outputId", o.job_id AS "jobId", o.owner_id AS "ownerId", o.storage_key AS "storageKey", o.sha256,
  o.kind, o.mime_type AS "mimeType", o.width, o.height, o.size_bytes AS "sizeBytes"`;

/** Where an output's file is; null if there is none, it is of an attempt that did not win, or it is someone else's. */
export async function outputFile(
  { sql }: Database,
  request: { outputId: string; ownerIds: readonly string[] | null },
): Promise<OutputFile | null> {
  if (!isUuid(request.outputId)) return null;
  const [row] = await sql<OutputFile[]>`
    SELECT ${fileColumns(sql)} FROM outputs o JOIN jobs j ON j.id = o.job_id AND ${isShown(sql)}
    WHERE o.id = ${request.outputId} AND ${isOwnedBy(sql, request.ownerIds)}`;
  return row ?? null;
}

/** What a ZIP file needs of an output that goes into it. */
export interface ArchivedOutput {
  readonly storageKey: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly seed: number | null;
  /** The prompt, else the workflow's name. */
  readonly title: string;
  readonly createdAt: Date;
}

/** Several outputs, in the order of their ids; those that are not there, or are someone else's, are left out. */
export async function outputsToArchive(
  { sql }: Database,
  request: { outputIds: readonly string[]; ownerIds: readonly string[] | null },
): Promise<readonly ArchivedOutput[]> {
  const { outputIds, ownerIds } = request;
  return sql<ArchivedOutput[]>`
    SELECT o.storage_key AS "storageKey", o.mime_type AS "mimeType", o.size_bytes AS "sizeBytes", coalesce(o.seed, j.seed) AS seed,
      coalesce(nullif(j.inputs->>'prompt', ''), w.name) AS title, o.created_at AS "createdAt"
    FROM unnest(${[...outputIds]}::uuid[]) WITH ORDINALITY AS asked (id, place)
      JOIN outputs o ON o.id = asked.id JOIN jobs j ON j.id = o.job_id AND ${isShown(sql)}
      JOIN workflows w ON w.id = j.workflow_id
    WHERE ${isOwnedBy(sql, ownerIds)} ORDER BY asked.place`;
}

type ListedRow = Omit<NewOutput, "sha256" | "storageKey"> & {
  readonly jobId: string;
  readonly ownerId: string;
  readonly createdAt: Date;
  readonly workflow: string;
  readonly prompt: string | null;
  readonly shareHash: string | null;
  readonly shareNonce: string | null;
  readonly facts: readonly SharedFact[] | null;
  readonly publishedAt: Date | null;
  readonly hiddenAt: Date | null;
  readonly hiddenReason: string | null;
};

async function selectOutputs(
  sql: Database["sql"],
  where: ReturnType<typeof isOwnedBy>,
  limit: number,
): Promise<ListedOutput[]> {
  const rows = await sql<ListedRow[]>`
    SELECT o.id AS "outputId", o.job_id AS "jobId", o.kind, o.mime_type AS "mimeType", o.width, o.height,
      o.duration_seconds AS "durationSeconds", o.size_bytes AS "sizeBytes", o.seed, o.favorite, o.owner_id AS "ownerId", o.created_at AS "createdAt",
      o.share_hash AS "shareHash", o.share_nonce AS "shareNonce", to_jsonb(s.facts) AS facts, s.published_at AS "publishedAt",
      s.hidden_at AS "hiddenAt", s.hidden_reason AS "hiddenReason", w.slug AS workflow, j.inputs->>'prompt' AS prompt
    FROM outputs o JOIN jobs j ON j.id = o.job_id AND ${isShown(sql)} JOIN workflows w ON w.id = j.workflow_id
      LEFT JOIN shares s ON s.output_id = o.id
    WHERE ${where} ORDER BY o.created_at DESC, o.id DESC ${atMost(sql, limit)}`;
  return rows.map((row) => {
    const { ownerId, createdAt, workflow, prompt, shareHash: hash, shareNonce: nonce } = row;
    const publishedAt = row.publishedAt?.toISOString() ?? null;
    const share = hash === null ? null : { hash, nonce, facts: row.facts ?? [], publishedAt };
    const hidden = row.hiddenAt === null ? null : { reason: row.hiddenReason };
    const output = outputOf(row.jobId, row);
    return { ...output, ownerId, createdAt: createdAt.toISOString(), workflow, prompt, share, hidden };
  });
}

/** Null if there is no such output, or not of these owners; `null` in their place is everybody. */
export async function outputById(
  { sql }: Database,
  request: { outputId: string; ownerIds: readonly string[] | null },
): Promise<ListedOutput | null> {
  if (!isUuid(request.outputId)) return null;
  const [output] = await selectOutputs(sql, sql`o.id = ${request.outputId} AND ${isOwnedBy(sql, request.ownerIds)}`, 1);
  return output ?? null;
}

/**
 * A page of outputs, newest first, of the attempts that won or still run. `workflow` is an id or a slug. As in
 * `newestJobs`, the newest are taken of each owner and kind apart, because an index has only those in order.
 */
export async function listOutputs(
  database: Database,
  filter: {
    ownerIds: readonly string[];
    limit: number;
    cursor?: string | null;
    kind?: OutputKind;
    workflow?: string;
    jobId?: string;
  },
): Promise<{ readonly items: readonly ListedOutput[]; readonly nextCursor: string | null }> {
  const { sql } = database;
  const { ownerIds, limit, kind, workflow, jobId } = filter;
  const before = decodeCursor(filter.cursor);
  const workflowId = workflow === undefined ? null : await workflowIdOf(database, workflow);
  if (workflow !== undefined && workflowId === null) return { items: [], nextCursor: null };
  let where = isShown(sql);
  if (before !== null) where = sql`${where} AND (o.created_at, o.id) < (${before.at}::timestamptz, ${before.id}::uuid)`;
  if (workflowId !== null) where = sql`${where} AND o.workflow_id = ${workflowId}`;
  const kinds = kind === undefined ? [...outputKinds] : [kind];
  const newest = sql`
    SELECT newest.id FROM unnest(${[...ownerIds]}::uuid[]) AS owner (id)
    CROSS JOIN unnest(${kinds}::text[]) AS kind (name)
    CROSS JOIN LATERAL (
      SELECT o.id, o.created_at FROM outputs o JOIN jobs j ON j.id = o.job_id
      WHERE o.owner_id = owner.id AND o.kind = kind.name AND ${where}
      ORDER BY o.created_at DESC, o.id DESC ${atMost(sql, limit + 1)}) newest
    ORDER BY newest.created_at DESC, newest.id DESC ${atMost(sql, limit + 1)}`;
  const ofJob = sql`o.job_id = ${jobId ?? null} AND o.owner_id = ANY(${[...ownerIds]}::uuid[]) AND o.kind = ANY(${kinds}::text[]) AND ${where}`;
  const rows = await selectOutputs(sql, jobId === undefined ? sql`o.id IN (${newest})` : ofJob, limit + 1);
  return pageOf(rows, limit, (output) => ({ at: output.createdAt, id: output.outputId }));
}
