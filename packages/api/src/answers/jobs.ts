import type {
  Graph,
  InputValues,
  JobEvent,
  JobState,
  JobView,
  Output,
  Positions,
  Remaining,
  SecondsRange,
} from "@darkroom/contracts";
import type { TimelineEntry } from "@darkroom/db";
import type { ShareView } from "./gallery.ts";

export type { TimelineEntry };

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
    /** Beyond ±2^53 its digits as a text. */
    readonly value: number | string;
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
  /** Where the author of the workflow drew its nodes, `[x, y]` in pixels by node id; null: it came without a drawing. */
  readonly positions: Positions | null;
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

/** The answer of `job.remove`. */
export interface RemovedJob {
  readonly jobId: string;
  readonly removed: true;
}

/** The answer of `job.remove` for several: what is gone, and of the others why not, in words. */
export interface RemovedJobs {
  readonly removed: readonly string[];
  readonly refused: readonly { readonly jobId: string; readonly message: string }[];
}

/** The answer of `output.favorite`: as it is now. */
export interface FavoriteAnswer {
  readonly outputId: string;
  readonly favorite: boolean;
}

/** The answer of `output.remove`. */
export interface RemovedOutput {
  readonly outputId: string;
  readonly removed: true;
}

/** An entry of `upload.list`. */
export interface UploadView {
  readonly uploadId: string;
  readonly mimeType: string;
  /** Pixels of a picture; null for videos and sounds. */
  readonly width: number | null;
  readonly height: number | null;
  readonly sizeBytes: number;
  readonly createdAt: string;
  /** When it is removed, unless a job uses it by then; null while a job does. ISO 8601. */
  readonly expiresAt: string | null;
  readonly url: string;
  /** Null for videos and sounds. */
  readonly thumbnailUrl: string | null;
}

/** The answer of `upload.remove`. */
export interface RemovedUpload {
  readonly uploadId: string;
  readonly removed: true;
}

/** The data of each tracked value of `job.onEvent` and `job.onFeed`. */
export interface FeedData {
  readonly events: readonly JobEvent[];
  /** A snapshot: the open jobs (`onFeed`) or the one job (`onEvent`), as of this value's cursor. */
  readonly jobs?: readonly JobView[];
  /** True: the cursor could not be used, so forget what you hold and begin with `jobs`. */
  readonly reset?: true;
}

/** An output in the library: the file, and what made it. */
export interface OutputView extends Output {
  readonly createdAt: string;
  readonly workflow: string;
  readonly prompt: string | null;
  /** Null: not shared, or not the caller's own. */
  readonly share: ShareView | null;
  /** Why operators keep it from everybody but its owner, as that owner is told; null: they do not. */
  readonly hidden: { readonly reason: string | null } | null;
}

/** Who else looks at a job now; whoever does says so again every two seconds. */
export interface JobViewers {
  readonly others: readonly {
    readonly ownerId: string;
    readonly displayName: string | null;
    /** False: an operator, since nobody else sees what is somebody's. */
    readonly isOwner: boolean;
  }[];
}
