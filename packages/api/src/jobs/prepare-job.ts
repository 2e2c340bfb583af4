import {
  capabilityOf,
  DarkroomError,
  drawSeeds,
  fieldErrors,
  fieldsMessage,
  hasRole,
  type InputValues,
  type JobPriority,
  newId,
  seedOf,
} from "@darkroom/contracts";
import { liveCatalogs, type NewJob } from "@darkroom/db";
import { withInstalledDefaults } from "../backends/model-choices.ts";
import type { Context } from "../context.ts";
import { assertCapable } from "../workflows/capability.ts";
import { assertAllowed } from "../workflows/check/allowed-nodes.ts";
import { findWorkflow } from "../workflows/find-workflow.ts";
import { assertOwnFiles } from "./check-files.ts";
import { digestOf } from "./digest.ts";
import { isRepeated } from "./idempotency.ts";
import { keptInputsSchema } from "./inputs-schema.ts";

/** One job as a caller asks for it. */
export interface JobRequest {
  readonly workflow: string;
  readonly version?: number | undefined;
  readonly inputs: InputValues;
  readonly priority?: JobPriority | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly retryOf?: string | undefined;
  /** Where the inputs stand in the procedure's input, for the errors' paths. */
  readonly fieldPrefix?: string;
}

/**
 * A request as a job that the database can store: workflow found, inputs valid and owned, seed drawn, and some live
 * backend able to run it. Ids are made here, before any transaction, so that a retried transaction reuses them.
 *
 * @throws DarkroomError `WORKFLOW_NOT_FOUND`, `INPUT_INVALID`, `WORKFLOW_INVALID` (a node that may not run), `NOT_FOUND`
 * (an image), `FORBIDDEN` (the priority), `NO_CAPABLE_BACKEND`
 */
export async function prepareJob(ctx: Context, request: JobRequest): Promise<NewJob> {
  const { fieldPrefix = "inputs", priority = "normal", idempotencyKey = null } = request;
  if (priority === "high" && !hasRole(ctx.principal.role, "operator")) {
    throw new DarkroomError("FORBIDDEN", "Only operators may give a job high priority.", {
      fields: [{ path: "priority", message: "needs the role operator" }],
    });
  }
  const [{ workflowId, workflowVersionId, definition }, catalogs, isRepeat] = await Promise.all([
    findWorkflow(ctx, request),
    liveCatalogs(ctx.database),
    idempotencyKey !== null && isRepeated(ctx.database, ctx.principal.ownerId, idempotencyKey),
  ]);
  const parameters = withInstalledDefaults(definition, catalogs);
  const inputs = drawSeeds(parameters, validInputs(request.inputs, { parameters, fieldPrefix }), Math.random);
  const capability = capabilityOf(definition, inputs);

  if (!isRepeat) {
    await assertAllowed(ctx.database, definition.graph);
    await assertOwnFiles(ctx, { parameters, inputs, fieldPrefix });
    assertCapable(catalogs, { definition, inputs, capability, fieldPrefix, principal: ctx.principal });
  }
  return {
    jobId: newId(),
    workflowId,
    workflowVersionId,
    inputs,
    seed: seedOf(parameters, inputs),
    priority,
    idempotencyKey,
    // Of what was asked, before defaults and drawn seeds: the same request must have the same digest tomorrow.
    inputsHash: digestOf({ workflowId, version: request.version, inputs: request.inputs, retryOf: request.retryOf }),
    capability,
    capabilityKey: digestOf(capability),
    modelKey: capability.models.length === 0 ? null : capability.models.join("\n"),
    metadata: request.metadata ?? null,
    retryOf: request.retryOf ?? null,
  };
}

function validInputs(
  inputs: InputValues,
  { parameters, fieldPrefix }: { parameters: ReturnType<typeof withInstalledDefaults>; fieldPrefix: string },
): InputValues {
  const parsed = keptInputsSchema(parameters).safeParse(inputs);
  if (parsed.success) return parsed.data;
  const fields = fieldErrors(parsed.error, fieldPrefix.split("."));
  throw new DarkroomError("INPUT_INVALID", fieldsMessage(fields), { fields });
}
