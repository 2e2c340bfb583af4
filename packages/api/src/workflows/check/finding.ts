import type { Finding, FindingCode, Graph, Parameter } from "@darkroom/contracts";
import { titleOf } from "../graph/links.ts";

/** What a finding is about; what does not apply is left out. */
export interface Subject {
  readonly graph?: Graph;
  readonly nodeId?: string;
  readonly field?: string;
  readonly parameter?: string;
  readonly closest?: readonly string[];
  readonly severity?: Finding["severity"];
}

/**
 * Errors without which a workflow may be published if somebody insists: a server's own account of its nodes can be
 * behind, and a missing model can be on its way. What is left out could never run, or must not.
 */
const acceptable: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "NODE_MISSING",
  "MODEL_MISSING",
  "CHOICE_MISSING",
  "VALUE_OUT_OF_BOUNDS",
  "VALUE_WRONG_TYPE",
  "INPUT_MISSING",
  "LINK_TYPE",
  "OUTPUT_NOT_SAVED",
  "PARAMETER_TYPE",
  "PARAMETER_BOUNDS",
  // The file may lie on every server.
  "UPLOAD_UNSET",
]);

/** A finding with all its fields; an error unless the subject says otherwise. */
export function finding(code: FindingCode, message: string, subject: Subject = {}): Finding {
  const { graph, nodeId, field, parameter, closest = [], severity = "error" } = subject;
  const node = nodeId === undefined ? undefined : graph?.[nodeId];
  return {
    id: [code, nodeId ?? parameter, nodeId === undefined ? undefined : (field ?? parameter)]
      .filter((part) => part !== undefined)
      .join(":"),
    code,
    severity,
    message,
    nodeId: nodeId ?? null,
    nodeTitle: graph === undefined || node === undefined || nodeId === undefined ? null : titleOf(graph, nodeId),
    classType: node?.class_type ?? null,
    field: field ?? null,
    parameter: parameter ?? null,
    closest,
    backends: [],
    acceptable: severity !== "error" || acceptable.has(code),
  };
}

const ranks: Readonly<Record<Finding["severity"], number>> = { error: 0, warning: 1, note: 2 };

/** Errors, then warnings, then notes, each in the order given. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ranks[a.severity] - ranks[b.severity]);
}

/** The finding that a parameter would put its user's text where the server expects a file's name. */
export function unsafe({ label, name }: Parameter, subject: Subject): Finding {
  const message = `${label} would name a file on the server: whoever fills it in could reach files of others. Use an image input, or leave ${subject.field ?? name} fixed.`;
  return finding("BINDING_UNSAFE", message, subject);
}
