/** The stable codes of what a check finds. Clients may switch on them; the words beside them may change. */
export const findingCodes = [
  // Of the workflow itself, on whatever server.
  "NODE_NOT_ALLOWED",
  "LINK_BROKEN",
  "CYCLE",
  "NO_OUTPUT",
  "OUTPUT_UNKNOWN",
  "BINDING_UNKNOWN",
  "BINDING_UNSAFE",
  "UPLOAD_UNSET",
  "PARAMETER_DUPLICATE",
  "PARAMETER_UNBOUND",
  "PARAMETER_DEFAULT",
  "PARAMETER_RANGE",
  "PARAMETER_CONDITION",
  "NUMBER_INEXACT",
  "NODE_UNUSED",
  // Against the backends that are live.
  "NO_BACKEND",
  "NODE_MISSING",
  "MODEL_MISSING",
  "CHOICE_MISSING",
  "VALUE_OUT_OF_BOUNDS",
  "VALUE_WRONG_TYPE",
  "INPUT_MISSING",
  "INPUT_UNKNOWN",
  "LINK_TYPE",
  "OUTPUT_NOT_SAVED",
  "OUTPUT_NOT_KEPT",
  "PICTURE_NOT_DRAWN",
  "PARAMETER_TYPE",
  "PARAMETER_BOUNDS",
  // Of a file of ComfyUI's editor, when it is read.
  "NODE_UNREADABLE",
  "NODE_LEFT_OUT",
  "LINK_LOST",
  "INPUT_DEFAULTED",
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** What only reading a file can find: a later check of the graph that came of it does not find it again. */
export const readingCodes: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "NODE_UNREADABLE",
  "NODE_LEFT_OUT",
  "LINK_LOST",
  "INPUT_DEFAULTED",
]);

/** Something a check found in a workflow, and what a person can do about it. */
export interface Finding {
  /** The same for the same finding of the same version, so that it can be accepted by name. */
  readonly id: string;
  readonly code: FindingCode;
  /** An error keeps jobs from running; a warning will surprise somebody; a note is worth knowing. */
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly nodeId: string | null;
  readonly nodeTitle: string | null;
  readonly classType: string | null;
  /** The node's input. */
  readonly field: string | null;
  readonly parameter: string | null;
  /** What is there instead of what lacks, closest first. */
  readonly closest: readonly string[];
  /** The backends it is about; empty: all of them, or none in particular. */
  readonly backends: readonly string[];
  /** Whether the workflow may be published all the same, if somebody says so. */
  readonly acceptable: boolean;
}

/** What a check answers. */
export interface CheckReport {
  /** True without an error. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** The live backends, and which of them can run the workflow as it stands. */
  readonly backends: readonly { readonly backendId: string; readonly canRun: boolean }[];
}

/** A difference between two versions of a workflow. */
export interface VersionChange {
  /** The same for the same change between the same versions. */
  readonly id: string;
  readonly kind:
    | "parameter-removed"
    | "parameter-renamed"
    | "parameter-added"
    | "parameter-kind"
    | "parameter-narrowed"
    | "parameter-widened"
    | "parameter-required"
    | "parameter-optional"
    | "parameter-default"
    | "parameter-text"
    | "binding"
    | "output-removed"
    | "output-added"
    | "node-removed"
    | "node-added"
    | "node-changed"
    | "timeout"
    | "text";
  /** True if a caller of the older version may be refused, or miss something, with the newer one. */
  readonly breaking: boolean;
  readonly parameter: string | null;
  readonly nodeId: string | null;
  readonly message: string;
}
