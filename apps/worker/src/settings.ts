/** Every interval and limit of a worker. Tests make them short; the defaults are the product's. */
export interface Settings {
  /** Prompts that one backend runs or holds at once, whatever the number of workers. */
  readonly concurrency: number;
  /** Whether one job more is prepared, and handed over, while a backend's others run. */
  readonly preparesNext: boolean;
  /** Whether jobs whose model is loaded are preferred. Off only to measure what that is worth. */
  readonly prefersWarm: boolean;
  readonly leaseSeconds: number;
  readonly jobTimeoutSeconds: number;
  /** Days that an ended job is kept; undefined: until somebody removes it. */
  readonly historyDays?: number | undefined;
  /** How often an idle slot looks for work although nobody rang. */
  readonly idleMs: number;
  /** How often a backend is asked whether it is there; two failures in a row mean that it is not. */
  readonly probeMs: number;
  /** How often a backend's catalog of nodes and models is read again. */
  readonly catalogMs: number;
  /** How often due retries, expired leases and lost queue entries are looked for. */
  readonly maintenanceMs: number;
  /** How long a prompt's socket may be quiet before ComfyUI is asked over HTTP. */
  readonly quietMs: number;
  /** How long after its last sign of life a running job waits for an unreachable backend before it is given back. */
  readonly unreachableMs: number;
  /** How long a canceled prompt may take to stop before it is left to the sweep. */
  readonly cancelMs: number;
  /** How long a run may go without a frame, on a socket that hears it, before it is stopped and tried again. */
  readonly stallMs: number;
  /** How long ComfyUI may leave a prompt waiting that is next, before the backend counts as wedged. */
  readonly wedgedMs: number;
  /** How long a wedged backend gets nothing; doubled each time in a row. */
  readonly restMs: number;
  /** How long a prompt that is stopped for being late is waited for; after that its backend gets nothing until it has. */
  readonly stopMs: number;
  /** Least time between two `job.progressed`, and between two previews. */
  readonly progressIntervalMs: number;
  readonly previewIntervalMs: number;
  /** How often the stored files are compared with the rows that name them. */
  readonly fileSweepSeconds: number;
  /** How old a file must be to be removed when no row names it. */
  readonly unnamedFileSeconds: number;
  /** Free space on the storage below which no job is taken. */
  readonly minFreeBytes: number;
}

export const defaultSettings: Settings = {
  concurrency: 1,
  preparesNext: true,
  prefersWarm: true,
  leaseSeconds: 10,
  jobTimeoutSeconds: 600,
  idleMs: 2000,
  probeMs: 2500,
  catalogMs: 30_000,
  maintenanceMs: 1000,
  quietMs: 2000,
  // Two looks of 3 s, half a second apart, the first after 2 s of quiet at most: known 8.5 s after its death.
  unreachableMs: 6000,
  cancelMs: 30_000,
  // A big model on a slow disk is loaded without a frame.
  stallMs: 300_000,
  wedgedMs: 10_000,
  restMs: 15_000,
  stopMs: 10_000,
  progressIntervalMs: 100,
  previewIntervalMs: 200,
  fileSweepSeconds: 600,
  unnamedFileSeconds: 3600,
  minFreeBytes: 200 * 1024 ** 2,
};
