import type { Capability, Graph, Positions, RunRecord } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { isOwnedBy } from "./job-view.ts";

/** How a job's current attempt was, or is being, made. */
export interface JobProvenance {
  readonly jobId: string;
  /** 0 before the first claim. */
  readonly attempt: number;
  readonly workflow: {
    readonly workflowId: string;
    readonly slug: string;
    readonly name: string;
    readonly version: number;
    /** The version that a new job would run; null while none is published. */
    readonly currentVersion: number | null;
  };
  readonly backend: string | null;
  /** As the backend said when the attempt began; null if it was not known, or nothing has begun. */
  readonly comfyVersion: string | null;
  /** What was sent, by this attempt or by the one whose prompt it adopted; null if nothing was, or nobody noted it. */
  readonly graph: Graph | null;
  /** Where the author of the workflow drew its nodes; null: it came without a drawing. */
  readonly positions: Positions | null;
  readonly run: RunRecord | null;
  /** What it was checked to need when it was asked for. */
  readonly capability: Capability;
}

type Row = Omit<JobProvenance, "workflow"> & JobProvenance["workflow"];

/** Null if there is no such job among those of `ownerIds` (null: anyone's, for operators). */
export async function jobProvenance(
  { sql }: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<JobProvenance | null> {
  if (!isUuid(request.jobId)) return null;
  const [row] = await sql<Row[]>`
    SELECT j.id AS "jobId", j.attempt, w.id AS "workflowId", w.slug, v.name, v.number AS version,
      c.number AS "currentVersion", a.backend_id AS backend, a.comfy_version AS "comfyVersion", a.run,
      v.positions, j.capability, (
        SELECT sent.graph FROM attempts sent
        WHERE sent.job_id = j.id AND sent.attempt <= j.attempt AND sent.graph IS NOT NULL
        ORDER BY sent.attempt DESC LIMIT 1) AS graph
    FROM jobs j
    JOIN workflows w ON w.id = j.workflow_id
    JOIN workflow_versions v ON v.id = j.workflow_version_id
    LEFT JOIN workflow_versions c ON c.id = w.current_version_id
    LEFT JOIN attempts a ON a.job_id = j.id AND a.attempt = j.attempt
    WHERE j.id = ${request.jobId} AND ${isOwnedBy(sql, request.ownerIds)}`;
  if (row === undefined) return null;
  const { workflowId, slug, name, version, currentVersion, ...rest } = row;
  return { ...rest, workflow: { workflowId, slug, name, version, currentVersion } };
}
