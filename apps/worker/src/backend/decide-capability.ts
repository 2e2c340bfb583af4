import { capabilityOf, lacking } from "@darkroom/contracts";
import { type Database, jobView, workflowBy } from "@darkroom/db";
import type { Queue } from "@darkroom/queue";
import type { Catalog } from "./catalog.ts";

/**
 * Answers the queue's question whether backends with this catalog can run jobs like `jobId`. A job that is no longer
 * there is taken out of the queue instead.
 */
export async function decideCapability(
  question: { readonly capabilityKey: string; readonly jobId: string },
  catalog: Catalog,
  { database, queue }: { database: Database; queue: Queue },
): Promise<void> {
  const { capabilityKey, jobId } = question;
  const view = await jobView(database, { jobId, ownerIds: null });
  const workflow =
    view === null
      ? null
      : await workflowBy(database, { idOrSlug: view.workflow.workflowId, version: view.workflow.version });
  if (view === null || workflow === null) {
    await queue.remove([jobId]);
    return;
  }
  const able = lacking(catalog.nodes, capabilityOf(workflow.definition, view.inputs)).length === 0;
  await queue.decide({ catalogHash: catalog.hash, capabilityKey, able });
}
