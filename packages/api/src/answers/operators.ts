import type {
  Alert,
  AlertChange,
  ConnectionDetail,
  InstanceReport,
  JobView,
  Metric,
  Role,
  TaskReport,
} from "@darkroom/contracts";
import type {
  MinutePoint,
  RetentionKind,
  RetentionLoss,
  RetentionRules,
  StoredQueueStats,
  UsagePeriod,
  UsageRow,
  WaitingGroup,
  WaitingRow,
} from "@darkroom/db";
import type { RedisMemory } from "@darkroom/queue";
import type { Page } from "./callers.ts";

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

/** What can go wrong on a simulator, and what does now. */
export interface SimulatorFaults {
  readonly backendId: string;
  readonly kinds: readonly FaultKind[];
  readonly active: readonly ActiveFault[];
}

export interface FaultKind {
  readonly kind: string;
  readonly about: string;
  /** What it takes, by name, as JSON Schema. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The fields that it cannot do without. */
  readonly required: readonly string[];
}

export interface ActiveFault {
  readonly id: string;
  /** As it was set, with what was left out. */
  readonly fault: { readonly kind: string; readonly [field: string]: unknown };
  /** How often it struck. */
  readonly struck: number;
}

export interface SetFaults {
  readonly backendId: string;
  /** Null: the simulator does not answer, which some faults are about. */
  readonly active: readonly ActiveFault[] | null;
}

export interface UserView {
  readonly ownerId: string;
  readonly kind: "guest" | "account" | "service";
  readonly displayName: string | null;
  readonly role: Role;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

/** How an entrance stands: `guests` for visitors without an account, `signUp` for making one, `gallery` for the public gallery. */
export interface EntranceView {
  readonly entrance: "guests" | "signUp" | "gallery";
  readonly isOpen: boolean;
  /** The setting that closes it whatever operators switch; null: none does. */
  readonly closedBySetting: "GUESTS_ENABLED" | "SIGN_UP_ENABLED" | "ACCOUNTS_ENABLED" | "GALLERY_ENABLED" | null;
  /** When an operator last switched it, and who; null: nobody ever did, or they were removed. */
  readonly changedAt: string | null;
  readonly changedBy: { readonly ownerId: string; readonly displayName: string | null } | null;
}

/** How long things are kept: whatever either rule of a kind lets go of goes. */
export interface RetentionView {
  readonly rules: RetentionRules;
  /** For how many seconds a running job's current preview is kept. */
  readonly previews: { readonly seconds: number };
  /** The most days of each kind, by the settings; null: any number. */
  readonly most: Readonly<Record<RetentionKind, number | null>>;
  /** When an operator last set a rule, and who; null: nobody ever did, or they were removed. */
  readonly changedAt: string | null;
  readonly changedBy: { readonly ownerId: string; readonly displayName: string | null } | null;
}

/** The rules as they would be, and what they would take now. */
export interface RetentionPreview extends RetentionView {
  readonly losses: readonly RetentionLoss[];
}

/** Open connections over all web processes. */
export interface ConnectionTotals {
  readonly totalConnections: number;
  /** Jobs that somebody follows: the unfinished ones of every owner who is connected, and those followed alone. */
  readonly jobsWithConnections: number;
}

export interface ConnectionsView extends ConnectionTotals {
  /** Only this process while Redis is down. */
  readonly instances: readonly {
    readonly instanceId: string;
    readonly host: string;
    readonly pid: number;
    readonly sockets: number;
    readonly streams: number;
  }[];
  /** Most connections first. */
  readonly owners: readonly {
    readonly ownerId: string;
    readonly displayName: string | null;
    readonly connections: number;
  }[];
  /** The newest ones, at most 500 of each process. */
  readonly connections: readonly (ConnectionDetail & { readonly instanceId: string })[];
}

/** A background task over all processes: its last run in any of them. */
export interface TaskView extends TaskReport {
  /** The process that ran it last; null: none has. */
  readonly instanceId: string | null;
}

/** The operators' view. Whichever process makes it, it is the same for all. */
export interface MonitorOverview {
  readonly at: string;
  readonly queue: QueueStats;
  /** The last hour's, and those that have not ended. */
  readonly jobs: {
    readonly total: number;
    readonly active: number;
    readonly completed: number;
    readonly failed: number;
  };
  /** Who waits, most first: by workflow, by owner, and by what a backend must have. */
  readonly waiting: {
    readonly workflows: readonly WaitingGroup[];
    readonly owners: readonly WaitingGroup[];
    readonly pools: readonly WaitingGroup[];
  };
  readonly websockets: ConnectionTotals;
  readonly instances: readonly InstanceReport[];
  readonly tasks: readonly TaskView[];
  /** Null while Redis is down. */
  readonly redis: RedisMemory | null;
  readonly backends: readonly BackendView[];
  /** Those that last, newest first. */
  readonly alerts: readonly Alert[];
  /** The newest jobs of everyone. */
  readonly recent: readonly JobView[];
}

/** A value of `monitor.onMetric`. */
export interface MetricsData {
  readonly metrics: readonly Metric[];
  /** Something before them is no longer kept, and was missed. */
  readonly reset?: true;
}

/** A value of `monitor.onAlert`. */
export interface AlertsData {
  readonly changes: readonly AlertChange[];
  /** Every alert that lasts: with the first value, and where something was missed. */
  readonly open?: readonly Alert[];
}

/** Half and 95 % of the jobs took no longer, in seconds; null: none ended. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
}

/** A step of `monitor.metrics`. */
export interface MetricPoint extends Omit<MinutePoint, "waits" | "runs"> {
  readonly wait: Percentiles;
  readonly run: Percentiles;
}

export interface MetricHistory {
  readonly range: "1h" | "24h" | "7d";
  readonly stepSeconds: number;
  /** Oldest first; steps of which nothing was noted are left out. */
  readonly points: readonly MetricPoint[];
  /** Over the whole range. */
  readonly whole: {
    readonly succeeded: number;
    readonly failed: number;
    readonly canceled: number;
    /** Of those that were not canceled, from 0 to 1; null: none ended. */
    readonly failureRate: number | null;
    readonly wait: Percentiles;
    readonly run: Percentiles;
  };
}

/** An entry of `queue.waiting`. */
export interface WaitingView extends WaitingRow {
  /** How many are before it; null while Redis is down, or where it is not due. */
  readonly position: number | null;
}

/** A page of `usage.list`, and the days that it is of. */
export interface UsagePage extends UsagePeriod, Page<UsageRow> {}
