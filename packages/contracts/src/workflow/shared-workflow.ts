import * as z from "zod";
import { workflowDefinitionSchema } from "./workflow.ts";

const valuesByNode = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * What Darkroom writes into `extra.darkroom` of a file for ComfyUI's editor, so that the file brings its form with it. The
 * editor keeps what it does not know in `extra` when it saves the file again.
 */
export const sharedWorkflowSchema = workflowDefinitionSchema.omit({ graph: true, positions: true }).extend({
  format: z.literal(1),
  /** The editor numbers its nodes: which id of the graph each of the file's stands for, where the two differ. */
  ids: z.record(z.string(), z.string().min(1)),
  /** Values that no widget of the editor has a place for: by the graph's node id, then by input. */
  kept: valuesByNode,
  /** Values that the graph does not have, since a widget always holds one; with the node's id and input, as `kept`. */
  filled: valuesByNode,
});
export type SharedWorkflow = z.infer<typeof sharedWorkflowSchema>;

/** What a parsed file of the editor carries of ours; null: nothing, or nothing that can be read. */
export function sharedWorkflowOf(file: unknown): SharedWorkflow | null {
  const parsed = z.object({ extra: z.object({ darkroom: sharedWorkflowSchema }) }).safeParse(file);
  return parsed.success ? parsed.data.extra.darkroom : null;
}
