import { DarkroomError, type Principal } from "@darkroom/contracts";
import { type Database, type WorkflowRecord, workflowBy } from "@darkroom/db";
import { seesEveryJob } from "../access/visibility.ts";

/** The workflow by id or slug, at one version (the current one by default), if this principal may use it. */
export async function findWorkflow(
  { database, principal }: { database: Database; principal: Principal },
  { workflow, version }: { workflow: string; version?: number | undefined },
): Promise<WorkflowRecord> {
  const record = await workflowBy(database, {
    idOrSlug: workflow,
    ...(version === undefined ? {} : { version }),
  });
  // A draft of a published workflow is as little anybody's as an unpublished one.
  const hidden =
    record === null || record.archivedAt !== null || !record.published || record.versionPublishedAt === null;
  if (record === null || (hidden && !seesEveryJob(principal))) {
    throw new DarkroomError("WORKFLOW_NOT_FOUND", "There is no such workflow, or no such version of it.");
  }
  return record;
}
