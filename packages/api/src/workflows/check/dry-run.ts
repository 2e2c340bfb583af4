import { DarkroomError, type FieldError, type Finding, type Remaining } from "@darkroom/contracts";
import { type NewJob, previewSubmit } from "@darkroom/db";
import type { DryRun } from "../../answers/index.ts";
import type { Context } from "../../context.ts";
import { findWorkflow } from "../find-workflow.ts";
import { readSite } from "./check-site.ts";
import { checkWorkflow } from "./check-workflow.ts";

/**
 * What would become of a prepared job: the graph it compiles to, checked as each live backend would, and the limits.
 * Nothing is stored, sent or counted.
 *
 * @throws DarkroomError `WORKFLOW_INVALID` if every backend would refuse the graph; `RATE_LIMITED`, `QUOTA_EXCEEDED` or
 * `QUEUE_FULL` if a limit would
 */
export async function dryRun(
  ctx: Context,
  { workflow, version, job }: { workflow: string; version: number | undefined; job: NewJob },
): Promise<{ remaining: Remaining; plan: DryRun }> {
  const { database, principal, addressKey } = ctx;
  const { definition } = await findWorkflow(ctx, { workflow, version });
  const { findings } = checkWorkflow(definition, await readSite(database), job.inputs);
  const errors = findings.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first !== undefined) throw new DarkroomError("WORKFLOW_INVALID", inWords(first), { fields: errors.map(fieldOf) });
  const remaining = await previewSubmit(database, {
    ownerId: principal.ownerId,
    addressKey,
    limits: ctx.limitsOf(principal.role),
  });
  const warnings = findings.filter(({ severity }) => severity === "warning").map(inWords);
  return { remaining, plan: { inputs: job.inputs, seed: job.seed, warnings } };
}

function inWords({ nodeTitle, message }: Finding): string {
  return nodeTitle === null ? message : `${nodeTitle}: ${message}`;
}

function fieldOf(finding: Finding): FieldError {
  const path = finding.parameter === null ? "workflow" : `inputs.${finding.parameter}`;
  return { path, message: inWords(finding) };
}
