import {
  isTimeoutSeconds,
  MAX_TIMEOUT_SECONDS,
  type Parameter,
  type WorkflowDefinition,
  withoutLooseConditions,
} from "@darkroom/contracts";
import { t } from "../../../language/say.ts";
import type { Candidate, DraftWorkflow } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";

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
    const { parameter, suggested } = candidate;
    // Several choices may bring one input of the graph; their parameters have names of their own.
    return { key: parameter.name, candidate, isChosen: suggested, parameter };
  });
  return { name, slug, description, rows, outputs, timeout: timeoutSeconds?.toString() ?? "" };
}

/** A limit as it was typed, in seconds; undefined if nothing was typed, null if it is no limit that a workflow may have. */
function timeoutOf({ timeout }: EditorState): number | null | undefined {
  if (timeout.trim() === "") return undefined;
  const seconds = Number(timeout);
  return isTimeoutSeconds(seconds) ? seconds : null;
}

/** The definition that the editor stands for. A limit that no workflow may have is left out of it: see {@link detailProblems}. */
export function definitionOf(
  { graph, positions }: Pick<WorkflowDefinition, "graph" | "positions">,
  state: EditorState,
): WorkflowDefinition {
  const { name, slug, description, rows, outputs } = state;
  const chosen = rows.filter(({ isChosen }) => isChosen);
  const timeoutSeconds = timeoutOf(state) ?? undefined;
  return {
    ...{ slug, name, description, graph, outputs: [...outputs] },
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(positions === undefined ? {} : { positions }),
    parameters: withoutLooseConditions(chosen.map(({ parameter }) => withNewName(parameter, chosen))),
    bindings: chosen.flatMap(({ candidate, parameter }) =>
      candidate.bindings.map(({ node, input }) => ({ parameter: parameter.name, node, input })),
    ),
  };
}

/** A parameter whose condition names the choice as it is called now. */
function withNewName(parameter: Parameter, rows: readonly Row[]): Parameter {
  const holder = rows.find(({ candidate }) => candidate.parameter.name === parameter.when?.parameter);
  if (parameter.when === undefined || holder === undefined) return parameter;
  return { ...parameter, when: { ...parameter.when, parameter: holder.parameter.name } };
}

export function withRow(
  state: EditorState,
  key: string,
  change: Partial<Pick<Row, "isChosen" | "parameter">>,
): EditorState {
  const rows = state.rows.map((row) => (row.key === key ? { ...row, ...change } : row));
  const changed = rows.find((row) => row.key === key);
  if (changed === undefined || change.isChosen === undefined) return { ...state, rows };
  return { ...state, rows: withDependents(rows, changed) };
}

/**
 * A choice comes with what its options bring, and goes with what the graph's own option does not; what another option brings
 * comes with the choice.
 */
function withDependents(rows: readonly Row[], changed: Row): Row[] {
  let held = [...rows];
  const waiting = [changed];
  for (const { candidate, isChosen } of waiting) {
    for (const row of held) {
      const isDependent = isBrought(row, candidate) && (isChosen || !isOwn(row, candidate));
      const isNeeded = isChosen && isBrought({ candidate }, row.candidate) && !isOwn({ candidate }, row.candidate);
      if ((!isDependent && !isNeeded) || row.isChosen === isChosen) continue;
      const next = { ...row, isChosen };
      held = held.map((one) => (one.key === row.key ? next : one));
      waiting.push(next);
    }
  }
  return held;
}

function isBrought({ candidate }: Pick<Row, "candidate">, holder: Candidate): boolean {
  return candidate.parameter.when?.parameter === holder.parameter.name;
}

/** Whether the option that the graph has chosen brings it. */
function isOwn({ candidate }: Pick<Row, "candidate">, holder: Candidate): boolean {
  return candidate.parameter.when?.is.includes(holder.value) === true;
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
    ...(name.trim() === "" ? { name: t`Give it a name.` } : {}),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) ? {} : { slug: t`Small letters and digits, with hyphens between.` }),
    ...(timeoutOf(state) === null
      ? { timeout: t`A whole number of seconds from 1 to ${MAX_TIMEOUT_SECONDS}, which is a day, or nothing.` }
      : {}),
    ...(outputs.length === 0 ? { outputs: t`Choose at least one node whose files are the result.` } : {}),
  };
}
