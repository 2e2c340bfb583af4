import { parseGraphText, sharedWorkflowOf } from "@darkroom/contracts";
import { readWorkflowFile, WorkflowFileError } from "@darkroom/workflow-files";
import { UsageError } from "../usage-error.ts";
import { openBlob, refuseFile } from "./input-files.ts";

/**
 * The graph that a file carries, as text: any file that ComfyUI saved, exported or made, or what is piped in.
 *
 * @param path The argument's name, for what is wrong with it
 * @throws UsageError
 */
export async function readGraph(path: string, file: string): Promise<string> {
  const blob = await openBlob(file).catch((error: unknown) => refuseFile(path, error));
  const { prompt, workflow } = await readWorkflowFile(blob).catch((error: unknown) => {
    throw error instanceof WorkflowFileError
      ? new UsageError(path, `gives no workflow: ${error.message.replace(/\.$/, "")}`)
      : error;
  });
  // The prompt is what ran, with every digit. A workflow that was exported here brings its form with it, which a prompt cannot.
  const isShared = workflow !== undefined && sharedWorkflowOf(parseGraphText(workflow)) !== null;
  const graph = isShared ? workflow : (prompt ?? workflow);
  if (graph === undefined) throw new UsageError(path, "is from another program than ComfyUI, and has no graph in it");
  return graph;
}
