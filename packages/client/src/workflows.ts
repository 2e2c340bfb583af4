import type { SubmitInput } from "@darkroom/api";

/**
 * The workflows of an installation, by slug. Empty here: `darkroom types` writes a file that fills it in, and from then on
 * `submit` checks a workflow's inputs by their names and types.
 */
// biome-ignore lint/suspicious/noEmptyInterface: a declaration of the caller's program is merged into it.
export interface Workflows {}

/** What is submitted: for a workflow of {@link Workflows} with exactly its inputs, for any other with whatever inputs. */
export type JobRequest<Workflow extends string = string> = Omit<SubmitInput, "workflow" | "inputs" | "dryRun"> & {
  readonly workflow: Workflow;
  readonly inputs: Workflow extends keyof Workflows ? InputsOf<Workflow> : SubmitInput["inputs"];
  readonly dryRun?: false;
};

type InputsOf<Workflow extends keyof Workflows> = Workflows[Workflow] extends { readonly inputs: infer Inputs }
  ? Inputs
  : never;
