import type {
  ApiKeyScope,
  CheckReport,
  Graph,
  InputValues,
  JobEvent,
  JobState,
  JobView,
  Output,
  Parameter,
  Principal,
  Remaining,
  Role,
  SecondsRange,
  VersionChange,
  WorkflowDefinition,
} from "@darkroom/contracts";
import type { StoredQueueStats, TimelineEntry } from "@darkroom/db";
import type { Candidate } from "./workflows/parameters/suggest-parameters.ts";

export type { Candidate, TimelineEntry };

/** A page of a list; pass `nextCursor` back as `cursor` for the next page, null after the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The answer of `system.ping`. */
export interface Pong {
  readonly message: string;
  /** The text that came with the ping; null without one. */
  readonly echo: string | null;
  /** The server's time, ISO 8601. */
  readonly at: string;
}

/** The answer of `job.submit`, `job.retry` and `job.rerun`. A dry run has no job: `jobId` and `state` are null. */
export interface Submitted {
  readonly jobId: string | null;
  readonly state: JobState | null;
  /** How many jobs start before this one; 0 is next; null when it is not waiting or Redis is down. */
  readonly position: number | null;
  /** Seconds until it starts, and until it is done, by what earlier jobs took; null when nothing is known. */
  readonly waitSeconds: number | null;
  readonly etaSeconds: number | null;
  /** It is done between these seconds from now nine times in ten; null when too little is known to say so. */
  readonly etaRangeSeconds: SecondsRange | null;
  /** Null where no limit counts. */
  readonly remaining: Remaining | null;
  readonly dryRun: boolean;
  /** A dry run's: what would have been stored. */
  readonly plan?: DryRun;
}

/** A job that was checked like any other and not made. */
export interface DryRun {
  /** With every default filled in and the seed drawn. */
  readonly inputs: InputValues;
  readonly seed: number | null;
  /** What keeps it from running on some backend, or will surprise somebody, in words. */
  readonly warnings: readonly string[];
}

/** The answer of `job.submitBatch`; `jobs` are in the order of the items. */
export interface SubmittedBatch {
  readonly batchId: string;
  readonly jobs: readonly { readonly jobId: string; readonly state: JobState }[];
  readonly remaining: Remaining | null;
}

/** The answer of `queue.redrive`: each new job with the failed one it repeats. */
export interface Redriven {
  readonly jobs: readonly { readonly jobId: string; readonly retryOf: string }[];
}

/** The answer of `job.provenance`. Times are milliseconds, null where nobody heard; lists are empty before it was sent. */
export interface Provenance {
  readonly jobId: string;
  /** The attempt that all of it is about; 0 before the first. */
  readonly attempt: number;
  readonly workflow: JobView["workflow"];
  readonly backend: string | null;
  readonly comfyVersion: string | null;
  readonly seeds: readonly {
    readonly node: string;
    readonly title: string;
    readonly input: string;
    readonly value: number;
  }[];
  readonly models: readonly {
    readonly node: string;
    readonly title: string;
    readonly input: string;
    readonly file: string;
    /** Of the file's content. ComfyUI tells of none, in any version that was tried: null means that nobody knows. */
    readonly hash: string | null;
  }[];
  /** In the order in which they ran, then those whose results ComfyUI still had, then the rest. */
  readonly nodes: readonly {
    readonly node: string;
    readonly title: string;
    readonly classType: string | null;
    readonly ms: number | null;
    readonly isCached: boolean;
  }[];
  readonly modelLoadMs: number | null;
  readonly samplingMs: number | null;
  readonly totalMs: number | null;
  /** Whether a model had to be loaded; null if the graph has none, or nobody heard. */
  readonly isCold: boolean | null;
  /** False if parts of the run were not heard, so that times are missing. */
  readonly isWhole: boolean;
  /** As it was sent, in ComfyUI's API format; null if nothing was sent, or it is not on record. */
  readonly graph: Graph | null;
}

/** Something that is not as it was. */
export interface Difference {
  readonly kind: "node-gone" | "model-gone" | "comfy-version" | "workflow-version";
  /** One sentence. */
  readonly message: string;
}

/** The answer of `job.drift`. */
export interface Drift {
  readonly differences: readonly Difference[];
  /** How many live backends were looked at; 0: nothing but the workflow could be compared. */
  readonly comparedWith: number;
}

/** The answer of `job.cancel`: where each job stands now (`canceling` until the backend confirms). */
export interface CancelAnswer {
  readonly jobs: readonly { readonly jobId: string; readonly state: JobState }[];
}

/** The data of each tracked value of `job.onEvent` and `job.onFeed`. */
export interface FeedData {
  readonly events: readonly JobEvent[];
  /** A snapshot: the open jobs (`onFeed`) or the one job (`onEvent`), as of this value's cursor. */
  readonly jobs?: readonly JobView[];
  /** True: the cursor could not be used, so forget what you hold and begin with `jobs`. */
  readonly reset?: true;
}

/** A parameter as a form needs it: a model's `choices` are what the live backends have. */
export type ParameterView = Parameter & { readonly choices?: readonly string[] };

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

export interface WorkflowDetail extends WorkflowSummary {
  readonly parameters: readonly ParameterView[];
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

export interface SessionView {
  readonly kind: Principal["kind"];
  readonly ownerId: string;
  readonly role: Role;
  readonly displayName: string | null;
  readonly scopes: readonly ApiKeyScope[];
  /** True until the guest's first write. */
  readonly isNew: boolean;
  readonly limits: {
    readonly submitsPerMinute: number;
    readonly generationsPerHour: number;
    readonly maxWaitingPerOwner: number;
  };
}

export interface SystemInfo {
  readonly name: "darkroom";
  readonly version: string;
  readonly backends: { readonly live: number; readonly known: number };
  /** True if any live backend is the bundled simulator: pictures are then drawn, not generated. */
  readonly simulator: boolean;
  readonly paused: boolean;
}

/** An output in the library: the file, and what made it. */
export interface OutputView extends Output {
  readonly createdAt: string;
  readonly workflow: string;
  readonly prompt: string | null;
  /**
   * Null: not shared, or not the caller's own. `url` is where anyone sees it; null if that is not known any more, because
   * it was shared under another `AUTH_SECRET`.
   */
  readonly share: { readonly url: string | null } | null;
}

export interface ApiKeyView {
  readonly apiKeyId: string;
  readonly name: string;
  /** The first characters of the key, to recognise it. */
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

/** The only time the key itself is shown. */
export interface CreatedApiKey extends ApiKeyView {
  readonly key: string;
}

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

export interface MonitorOverview {
  readonly at: string;
  readonly queue: QueueStats;
  readonly backends: readonly BackendView[];
  /** The newest jobs of everyone. */
  readonly recent: readonly JobView[];
}
