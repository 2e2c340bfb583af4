import { createHash } from "node:crypto";
import { capabilityOf, type InputValues, inputsSchemaFor, newId, type WorkflowDefinition } from "@darkroom/contracts";
import type { NewJob } from "../jobs/submit-jobs.ts";
import type { Database } from "../postgres/client.ts";
import { workflowBy } from "../workflows/workflows.ts";

/** A job of a seeded workflow, ready to store; what is not given has its default. Every call is another request. */
export async function newJob(database: Database, workflow: WorkflowDefinition, given: InputValues): Promise<NewJob> {
  const record = await workflowBy(database, { idOrSlug: workflow.slug });
  if (record === null) throw new Error(`no workflow ${workflow.slug}`);
  const inputs = inputsSchemaFor(workflow.parameters).parse(given);
  const capability = capabilityOf(workflow, inputs);
  const jobId = newId();
  return {
    jobId,
    workflowId: record.workflowId,
    workflowVersionId: record.workflowVersionId,
    inputs,
    seed: null,
    priority: "normal",
    idempotencyKey: null,
    inputsHash: jobId,
    capability,
    capabilityKey: createHash("sha256").update(JSON.stringify(capability)).digest("hex"),
    modelKey: null,
    metadata: null,
    retryOf: null,
  };
}
