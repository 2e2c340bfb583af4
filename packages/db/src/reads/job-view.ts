import type { JobView } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import type { Transaction } from "../postgres/transaction.ts";
import { isShown, type NewOutput, outputOf } from "./output-view.ts";
import { type Waiting, waitingRow, waitReasonOf } from "./wait-reason.ts";

type Sql = Database["sql"] | Transaction;
type Fragment = ReturnType<typeof waitingRow>;

/** A row of {@link jobRows}. */
export interface JobRow extends Omit<JobView, "createdAt" | "startedAt" | "finishedAt" | "workflow" | "outputs"> {
  readonly workflowId: string;
  readonly slug: string;
  readonly workflowName: string;
  readonly workflowVersion: number;
  readonly outputs: readonly Omit<NewOutput, "sha256" | "storageKey">[];
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly samplingAt: Date | null;
  readonly savingAt: Date | null;
  readonly finishedAt: Date | null;
  readonly waiting: Waiting | null;
}

/**
 * Jobs as their owners see them. `where`, over `j` (jobs) and `w` (workflows), and `rest` (order, limit) are SQL. Only the
 * current attempt's outputs are in it. `position`, the waits and `previewUrl` are Redis' to say, so null here.
 */
export async function selectJobViews(sql: Sql, where: Fragment, rest: Fragment = sql``): Promise<JobView[]> {
  const rows = await sql<JobRow[]>`${jobRows(sql, where)} ${rest}`;
  return rows.map(viewOf);
}

/** The statement of {@link selectJobViews} without its `rest`, for one that reads more than jobs in the same moment. */
export const jobRows = (sql: Sql, where: Fragment): Fragment => sql`
    SELECT j.id AS "jobId", j.batch_id AS "batchId", j.retry_of AS "retryOf", w.id AS "workflowId", w.slug,
      v.name AS "workflowName", v.number AS "workflowVersion", j.version, j.attempt, j.state, j.stage, j.priority,
      j.progress, j.inputs, j.seed, j.failure, j.attempt AS attempts, j.backend_id AS backend, j.metadata, j.request_id AS "requestId",
      j.saved_seconds AS "savedSeconds",
      (SELECT jsonb_build_object('ownerId', p.id, 'displayName', p.display_name) FROM owners p WHERE p.id = j.owner_id) AS owner,
      j.created_at AS "createdAt", j.started_at AS "startedAt", j.sampling_at AS "samplingAt", j.saving_at AS "savingAt",
      j.finished_at AS "finishedAt", to_jsonb(waiting) AS waiting,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('outputId', o.id, 'kind', o.kind, 'mimeType', o.mime_type,
          'width', o.width, 'height', o.height, 'durationSeconds', o.duration_seconds, 'sizeBytes', o.size_bytes, 'seed', o.seed, 'favorite', o.favorite) ORDER BY o.ordinal), '[]')
        FROM outputs o WHERE o.job_id = j.id AND ${isShown(sql)}) AS outputs,
      coalesce((SELECT a.run->'missingOutputs' FROM attempts a
        WHERE a.job_id = j.id AND a.attempt = j.attempt AND j.state = 'succeeded'), '[]') AS "missingOutputs"
    FROM jobs j
    JOIN workflows w ON w.id = j.workflow_id
    JOIN workflow_versions v ON v.id = j.workflow_version_id
    LEFT JOIN LATERAL (${waitingRow(sql)}) waiting ON true
    WHERE ${where}`;

const secondsBetween = (from: Date | null, to: Date | null): number | null =>
  from === null || to === null ? null : Math.max(0, (to.getTime() - from.getTime()) / 1000);

export function viewOf(row: JobRow): JobView {
  const { workflowId, slug, workflowName, workflowVersion, outputs, waiting, ...rest } = row;
  const { createdAt, startedAt, samplingAt, savingAt, finishedAt, ...job } = rest;
  return {
    ...job,
    workflow: { workflowId, slug, name: workflowName, version: workflowVersion },
    previewUrl: null,
    position: null,
    waitSeconds: null,
    etaSeconds: null,
    etaRangeSeconds: null,
    waitReason: waiting === null ? null : waitReasonOf(waiting),
    outputs: outputs.map((output) => outputOf(job.jobId, output)),
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    durations: {
      wait: secondsBetween(createdAt, startedAt),
      load: secondsBetween(startedAt, samplingAt),
      sample: secondsBetween(samplingAt, savingAt),
      run: secondsBetween(startedAt, finishedAt),
    },
  };
}

/** One job; null if there is none among those of `ownerIds` (null: anyone's, for operators). */
export async function jobView(
  { sql }: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<JobView | null> {
  if (!isUuid(request.jobId)) return null;
  const [view] = await selectJobViews(sql, sql`j.id = ${request.jobId} AND ${isOwnedBy(sql, request.ownerIds)}`);
  return view ?? null;
}

/**
 * Whether row `j` of jobs is one of the owners' jobs (null: anyone's). One that was removed is nobody's, so that whatever
 * asks by owner, operators included, does not find it.
 */
export const isOwnedBy = (sql: Sql, ownerIds: readonly string[] | null): Fragment =>
  ownerIds === null
    ? sql`j.removed_at IS NULL`
    : sql`(j.removed_at IS NULL AND j.owner_id = ANY(${[...ownerIds]}::uuid[]))`;
