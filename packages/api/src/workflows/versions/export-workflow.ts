import { writeWorkflow } from "@darkroom/workflow-format";
import type { ExportedWorkflow } from "../../answers/index.ts";
import type { Context } from "../../context.ts";
import { readSite } from "../check/check-site.ts";
import { findWorkflow } from "../find-workflow.ts";
import { layoutsOf } from "./read-import.ts";

/**
 * A version in both of ComfyUI's formats, to be given to others or opened in ComfyUI. `importWorkflow` reads the editor's
 * format back to the same graph and form.
 *
 * @throws DarkroomError `WORKFLOW_NOT_FOUND`
 */
export async function exportWorkflow(
  ctx: Context,
  input: { workflow: string; version?: number | undefined },
): Promise<ExportedWorkflow> {
  const { version, definition } = await findWorkflow(ctx, input);
  const { backends } = await readSite(ctx.database);
  const { file, notes } = writeWorkflow(definition, layoutsOf(backends));
  return { slug: definition.slug, version, prompt: definition.graph, workflow: file, notes };
}
