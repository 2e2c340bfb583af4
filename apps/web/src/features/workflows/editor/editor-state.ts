import {
  MAX_TIMEOUT_SECONDS,
  type Parameter,
  timeoutSecondsSchema,
  type WorkflowDefinition,
} from "@darkroom/contracts";
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
  /** As it is typed; empty: the installation's limit. */
  readonly timeout: string;
}

/** The editor as it opens on a draft. */
export function editorState({ definition, candidates }: DraftWorkflow): EditorState {
  const { name, slug, description, outputs, timeoutSeconds } = definition;
  const rows = candidates.map((candidate): Row => {
    const { nodeId, input, parameter, suggested } = candidate;
    return { key: `${nodeId}.${input}`, candidate, isChosen: suggested, parameter };
  });
  return { name, slug, description, rows, outputs, timeout: timeoutSeconds?.toString() ?? "" };
}

/** A limit as it was typed, in seconds; undefined if nothing was typed, null if it is no limit that a workflow may have. */
function timeoutOf({ timeout }: EditorState): number | null | undefined {
  if (timeout.trim() === "") return undefined;
  return timeoutSecondsSchema.safeParse(Number(timeout)).data ?? null;
}

/** The definition that the editor stands for. A limit that no workflow may have is left out of it: see {@link detailProblems}. */
export function definitionOf({ graph }: Pick<WorkflowDefinition, "graph">, state: EditorState): WorkflowDefinition {
  const { name, slug, description, rows, outputs } = state;
  const chosen = rows.filter(({ isChosen }) => isChosen);
  const timeoutSeconds = timeoutOf(state) ?? undefined;
  return {
    ...{ slug, name, description, graph, outputs: [...outputs] },
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
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
export function detailProblems(
  state: EditorState,
): Readonly<Partial<Record<"name" | "slug" | "timeout" | "outputs", string>>> {
  const { name, slug, outputs } = state;
  return {
    ...(name.trim() === "" ? { name: "Give it a name." } : {}),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) ? {} : { slug: "Small letters and digits, with hyphens between." }),
    ...(timeoutOf(state) === null
      ? { timeout: `A whole number of seconds from 1 to ${MAX_TIMEOUT_SECONDS}, which is a day, or nothing.` }
      : {}),
    ...(outputs.length === 0 ? { outputs: "Choose at least one node whose files are the result." } : {}),
  };
}
