import type { NodeCatalog } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export type BackendState = "up" | "down" | "draining";

export interface BackendReport {
  readonly backendId: string;
  readonly url: string;
  readonly workerId: string;
  /** What the worker sees now; draining is the operators' and kept. */
  readonly state: "up" | "down";
  /** ComfyUI's version; null keeps the stored one. The same holds for the catalog, its hash and `stats`. */
  readonly version: string | null;
  readonly catalog: NodeCatalog | null;
  readonly catalogHash: string | null;
  readonly stats: Readonly<Record<string, unknown>> | null;
}
export interface BackendView {
  readonly backendId: string;
  readonly url: string;
  readonly version: string | null;
  readonly state: BackendState;
  readonly catalogHash: string | null;
  readonly stats: Readonly<Record<string, unknown>> | null;
  /** Last report of any worker, and the last that reached it. */
  readonly seenAt: string;
  readonly reachedAt: string | null;
  readonly workerId: string;
  readonly slots: { readonly held: number; readonly total: number };
  /** Ids of the jobs that run there. */
  readonly jobIds: readonly string[];
}
export interface LiveCatalog {
  readonly backendId: string;
  readonly catalogHash: string;
  readonly catalog: NodeCatalog;
}

export declare function upsertBackend(database: Database, report: BackendReport): Promise<void>;
export declare function listBackends(database: Database): Promise<BackendView[]>;
export declare function setBackendDraining(
  database: Database,
  change: { backendId: string; draining: boolean },
): Promise<boolean>;
export declare function liveCatalogs(database: Database): Promise<LiveCatalog[]>;
