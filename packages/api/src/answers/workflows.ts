import type {
  Binding,
  CheckReport,
  Choice,
  FileKind,
  Graph,
  Parameter,
  VersionChange,
  WorkflowDefinition,
} from "@darkroom/contracts";
import type { WorkflowDocument } from "@darkroom/workflow-format";

/** A parameter as a form needs it: a model's `choices` are what the live backends have. */
export type ParameterView = Parameter & { readonly choices?: readonly Choice[] };

export interface WorkflowSummary {
  readonly workflowId: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** The number of the current version. */
  readonly version: number;
  readonly published: boolean;
  readonly archived: boolean;
  /** Operators only: the newest version, which is a draft if it is above `version`. */
  readonly latestVersion?: number;
}

/** An item of `workflow.list`. */
export interface WorkflowListing extends WorkflowSummary {
  /** The parameters that take a file, in the order of the form: what a picture can be given to. */
  readonly files: readonly { readonly name: string; readonly kind: FileKind; readonly required: boolean }[];
  /** False: no live backend has what its defaults need. True also while no backend is known. */
  readonly canRun: boolean;
}

export interface WorkflowDetail extends WorkflowSummary {
  readonly parameters: readonly ParameterView[];
  /** A run that takes longer is stopped, in seconds; null: the installation's limit holds. */
  readonly timeoutSeconds: number | null;
  /** What no live backend can offer for this workflow, in words; empty when it can run, or when no backend is known. */
  readonly lacks: readonly string[];
}

export interface WorkflowVersionView {
  readonly version: number;
  readonly createdAt: string;
  readonly current: boolean;
  /** Null: a draft. Everything from here on is told to operators only. */
  readonly publishedAt: string | null;
  readonly note: string | null;
  readonly createdBy: string | null;
  readonly publishedBy: string | null;
  /** Ids of the findings and breaking changes that were accepted when it was published. */
  readonly accepted: readonly string[];
}

/** An input of the graph that may become a parameter of the workflow. */
export interface Candidate {
  readonly parameter: Parameter;
  readonly bindings: readonly Binding[];
  /** Where its value stands in the graph: the first of the inputs it would set. */
  readonly nodeId: string;
  readonly nodeTitle: string;
  readonly classType: string;
  readonly input: string;
  readonly value: string | number | boolean;
  /** Whether it is one that people usually want to set, or one that the workflow has already. */
  readonly suggested: boolean;
}

/** A workflow that is being made: what it is so far, what else could be chosen, and what a check says to it. */
export interface DraftWorkflow {
  readonly definition: WorkflowDefinition;
  /** Every input that a parameter could set; the suggested ones are the definition's. */
  readonly candidates: readonly Candidate[];
  /** The nodes that could be outputs. */
  readonly outputs: readonly { readonly nodeId: string; readonly title: string; readonly classType: string }[];
  readonly report: CheckReport;
}

/** A stored version, to look at and to make the next one from. */
export interface WorkflowSource extends DraftWorkflow, WorkflowSummary {
  readonly latestVersion: number;
}

/** The answer of `workflow.export`. `graphText` of the contracts writes both as ComfyUI reads them, with every digit. */
export interface ExportedWorkflow {
  readonly slug: string;
  readonly version: number;
  /** In the format of ComfyUI's API: what `POST /prompt` takes as `prompt`. */
  readonly prompt: Graph;
  /** In the format of ComfyUI's editor, with the form in `extra.darkroom`. */
  readonly workflow: WorkflowDocument;
  /** What ComfyUI's editor does not show of it, in sentences. */
  readonly notes: readonly string[];
}

/** The answer of `workflow.save`. */
export interface SavedWorkflow {
  readonly workflowId: string;
  readonly slug: string;
  readonly version: number;
}

/** The answer of `workflow.diff`. */
export interface WorkflowDiff {
  readonly from: number;
  readonly to: number;
  readonly breaking: boolean;
  readonly changes: readonly VersionChange[];
}

/** A node class that an admin allowed beside the core ones. */
export interface AllowedNodeView {
  readonly node: string;
  readonly allowedAt: string;
}
