import type { WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "./client.ts";

/** A workflow at one of its versions. */
export interface WorkflowRecord {
  readonly workflowId: string;
  readonly workflowVersionId: string;
  readonly version: number;
  readonly currentVersion: number;
  readonly published: boolean;
  readonly archivedAt: string | null;
  readonly createdAt: string;
  readonly definition: WorkflowDefinition;
  readonly timeoutSeconds: number | null;
}

export declare function listWorkflows(
  database: Database,
  filter: { publishedOnly: boolean },
): Promise<WorkflowRecord[]>;
export declare function workflowBy(
  database: Database,
  request: { idOrSlug: string; version?: number },
): Promise<WorkflowRecord | null>;
export declare function workflowVersions(
  database: Database,
  request: { idOrSlug: string },
): Promise<
  | {
      readonly version: number;
      readonly workflowVersionId: string;
      readonly createdAt: string;
      readonly current: boolean;
    }[]
  | null
>;
