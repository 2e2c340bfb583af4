import { parseGraphText, sharedWorkflowOf } from "@darkroom/contracts";
import { type Parameters, readWorkflowFile, WorkflowFileError } from "@darkroom/workflow-files";
import { tServer } from "../../../language/say.ts";

/**
 * What a file gave: a graph as text, with the file's name without its ending, or null for a workflow that brings its own; else
 * what another program wrote into it, or why there is nothing.
 */
type ReadGraph =
  | { readonly graph: string; readonly name: string | null }
  | { readonly parameters: Parameters }
  | { readonly why: string };

/** The graph that a file carries, by what is in the file and not by its name. */
export async function readGraph(file: File): Promise<ReadGraph> {
  try {
    const { prompt, workflow, parameters } = await readWorkflowFile(file);
    // The prompt is what ran, with every digit; the editor's document may have been changed since. One that was exported
    // here brings its form with it, which a prompt cannot.
    if (workflow !== undefined && sharedWorkflowOf(parseGraphText(workflow)) !== null) {
      return { graph: workflow, name: null };
    }
    const graph = prompt ?? workflow;
    if (graph === undefined && parameters !== undefined) return { parameters };
    return { graph: graph ?? "", name: file.name.replace(/\.\w+$/, "") };
  } catch (error) {
    if (!(error instanceof WorkflowFileError)) throw error;
    return { why: tServer(error.message) };
  }
}
