import type { WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export declare function seedWorkflows(database: Database, definitions: readonly WorkflowDefinition[]): Promise<void>;
