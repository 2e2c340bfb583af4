import type { JobView, Role } from "@darkroom/contracts";
import type { StoredQueueStats } from "@darkroom/db";

/** The numbers of the queue. `succeeded`, `failed` and `canceled` count the last hour. */
export interface QueueStats extends StoredQueueStats {
  /** Entries in Redis; null while Redis is down. */
  readonly depth: number | null;
}

export interface BackendView {
  readonly backendId: string;
  readonly url: string;
  readonly state: "up" | "down" | "draining";
  readonly version: string | null;
  readonly simulator: boolean;
  /** Node classes, and model files in all folders; null until they were read. */
  readonly nodeCount: number | null;
  readonly modelCount: number | null;
  /** ComfyUI's own queue, whoever filled it. */
  readonly prompts: { readonly running: number; readonly pending: number } | null;
  /** What is loaded once everything ran that was sent there; `class.input=file`, one per line. Null: unknown. */
  readonly warmModel: string | null;
  readonly slots: { readonly total: number; readonly busy: number };
  /** The last report of any worker, and the last that reached it. */
  readonly seenAt: string;
  readonly reachedAt: string | null;
  readonly jobIds: readonly string[];
  /** ComfyUI's `/system_stats`, as it is. */
  readonly stats: Readonly<Record<string, unknown>> | null;
}

/** An entry of `backend.list`. */
export interface BackendDetail extends BackendView {
  /** Model files by folder; null on a server that does not list them. */
  readonly models: Readonly<Record<string, readonly string[]>> | null;
}

export interface UserView {
  readonly ownerId: string;
  readonly kind: "guest" | "account" | "service";
  readonly displayName: string | null;
  readonly role: Role;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

/** How an entrance stands: `guests` for visitors without an account, `signUp` for making one. */
export interface EntranceView {
  readonly entrance: "guests" | "signUp";
  readonly isOpen: boolean;
  /** The setting that closes it whatever operators switch; null: none does. */
  readonly closedBySetting: "GUESTS_ENABLED" | "SIGN_UP_ENABLED" | "ACCOUNTS_ENABLED" | null;
  /** When an operator last switched it, and who; null: nobody ever did, or they were removed. */
  readonly changedAt: string | null;
  readonly changedBy: { readonly ownerId: string; readonly displayName: string | null } | null;
}

export interface MonitorOverview {
  readonly at: string;
  readonly queue: QueueStats;
  readonly backends: readonly BackendView[];
  /** The newest jobs of everyone. */
  readonly recent: readonly JobView[];
}
