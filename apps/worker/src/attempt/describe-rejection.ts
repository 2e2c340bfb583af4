import type { PromptRejected } from "@darkroom/comfyui";
import type { Failure, WorkflowDefinition } from "@darkroom/contracts";

type Definition = Pick<WorkflowDefinition, "graph" | "bindings" | "parameters">;

/**
 * ComfyUI's refusal in the words of the workflow: the parameter that set the refused input, the node's title, and
 * ComfyUI's own message.
 */
export function describeRejection(rejection: PromptRejected, definition: Definition): Omit<Failure, "code"> {
  const errors = rejection.nodeErrors.flatMap((node) => node.errors.map((error) => ({ node, error })));
  const withField = errors.map(({ node, error }) => ({
    node,
    error,
    field: fieldOf(definition, node.nodeId, error.inputName),
  }));
  // The parameter is what the person can change, so an error that names one comes first.
  const first = withField.find(({ field }) => field !== undefined) ?? withField[0];
  if (first === undefined)
    return {
      message: `ComfyUI refused the workflow: ${sentence(rejection.message, rejection.details)}`,
      retryable: false,
    };

  const { node, error, field } = first;
  const nodeTitle = definition.graph[node.nodeId]?._meta?.title ?? node.classType;
  const label = definition.parameters.find(({ name }) => name === field)?.label;
  const more = errors.length > 1 ? ` (${errors.length - 1} more)` : "";
  return {
    message: `ComfyUI refused ${label ?? `"${nodeTitle}"`}: ${sentence(error.message, error.details)}${more}`,
    retryable: false,
    nodeId: node.nodeId,
    nodeTitle,
    ...(field === undefined ? {} : { field }),
  };
}

function fieldOf({ bindings }: Definition, nodeId: string, inputName: string | null): string | undefined {
  if (inputName === null) return undefined;
  return bindings.find(({ node, input }) => node === nodeId && input === inputName)?.parameter;
}

/** `message (details)`, cut to what fits a card; details can list thousands of file names. */
function sentence(message: string, details: string): string {
  const extra = details === "" ? "" : ` (${details.slice(0, 300)})`;
  return `${message.slice(0, 300)}${extra}`;
}
