import type { Parameter, WorkflowDefinition } from "@darkroom/contracts";
import type { Candidate, DraftWorkflow } from "../../../trpc/hooks/use-workflow-edits.ts";

/** An input of the graph in the editor: whether the form will ask for it, and how. */
export interface Row {
  readonly key: string;
  readonly candidate: Candidate;
  readonly isChosen: boolean;
  readonly parameter: Parameter;
}

export interface EditorState {
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly rows: readonly Row[];
  readonly outputs: readonly string[];
}

/** The editor as it opens on a draft. */
export function editorState({ definition, candidates }: DraftWorkflow): EditorState {
  const { name, slug, description, outputs } = definition;
  const rows = candidates.map((candidate): Row => {
    const { nodeId, input, parameter, suggested } = candidate;
    return { key: `${nodeId}.${input}`, candidate, isChosen: suggested, parameter };
  });
  return { name, slug, description, rows, outputs };
}

/** The definition that the editor stands for. */
export function definitionOf({ graph }: Pick<WorkflowDefinition, "graph">, state: EditorState): WorkflowDefinition {
  const { name, slug, description, rows, outputs } = state;
  const chosen = rows.filter(({ isChosen }) => isChosen);
  return {
    ...{ slug, name, description, graph, outputs: [...outputs] },
    parameters: chosen.map(({ parameter }) => parameter),
    bindings: chosen.flatMap(({ candidate, parameter }) =>
      candidate.bindings.map(({ node, input }) => ({ parameter: parameter.name, node, input })),
    ),
  };
}

export function withRow(
  state: EditorState,
  key: string,
  change: Partial<Pick<Row, "isChosen" | "parameter">>,
): EditorState {
  return { ...state, rows: state.rows.map((row) => (row.key === key ? { ...row, ...change } : row)) };
}

/** A row one place up or down among the chosen ones: the order of the rows is the order of the form. */
export function moved(state: EditorState, key: string, by: 1 | -1): EditorState {
  const rows = [...state.rows];
  const from = rows.findIndex((row) => row.key === key);
  let to = from + by;
  while (rows[to]?.isChosen === false) to += by;
  const [row, other] = [rows[from], rows[to]];
  if (row === undefined || other === undefined) return state;
  rows[from] = other;
  rows[to] = row;
  return { ...state, rows };
}

/** What keeps the details from being saved, by field. */
export function detailProblems({
  name,
  slug,
  outputs,
}: EditorState): Readonly<Partial<Record<"name" | "slug" | "outputs", string>>> {
  return {
    ...(name.trim() === "" ? { name: "Give it a name." } : {}),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) ? {} : { slug: "Small letters and digits, with hyphens between." }),
    ...(outputs.length === 0 ? { outputs: "Choose at least one node whose files are the result." } : {}),
  };
}
