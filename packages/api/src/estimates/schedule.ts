/** What has to run, and where it can. Seconds count from now. */
export interface ScheduleRequest<Job> {
  /** Backend → how many jobs it runs at once. */
  readonly slots: ReadonlyMap<string, number>;
  /** What is under way, in the order it was begun, with what it still takes. */
  readonly running: readonly { readonly backendId: string; readonly seconds: number }[];
  /** In turn. */
  readonly waiting: readonly Job[];
  readonly canRun: (job: Job, backendId: string) => boolean;
  /** What a waiting job takes on a backend that can run it; `after`: the waiting job that runs before it there, if one does. */
  readonly secondsOn: (job: Job, backendId: string, after: Job | undefined) => number;
}

/** When each waiting job starts and ends, in turn: seconds from now, `Infinity` if no slot can ever run it. */
export interface Schedule {
  /** Last, when one job more would start. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Lays the jobs on the slots: each takes, of those that can run it, the one that is free first. */
export function schedule<Job>({ slots, running, waiting, canRun, secondsOn }: ScheduleRequest<Job>): Schedule {
  const free: { backendId: string; at: number; last?: Job }[] = [...slots].flatMap(([backendId, count]) =>
    Array.from({ length: count }, () => ({ backendId, at: 0 })),
  );
  const firstFree = (of: typeof free) => of.reduce((first, slot) => (slot.at < first.at ? slot : first));
  // More may be under way on a backend than it runs at once: what is handed over early waits behind the others.
  for (const { backendId, seconds } of running) {
    const own = free.filter((slot) => slot.backendId === backendId);
    if (own.length > 0) firstFree(own).at += seconds;
  }
  const starts: number[] = [];
  const ends: number[] = [];
  for (const job of waiting) {
    let chosen: (typeof free)[number] | null = null;
    for (const slot of free) {
      if ((chosen === null || slot.at < chosen.at) && canRun(job, slot.backendId)) chosen = slot;
    }
    starts.push(chosen?.at ?? Number.POSITIVE_INFINITY);
    if (chosen !== null) {
      chosen.at += secondsOn(job, chosen.backendId, chosen.last);
      chosen.last = job;
    }
    ends.push(chosen?.at ?? Number.POSITIVE_INFINITY);
  }
  starts.push(free.length === 0 ? Number.POSITIVE_INFINITY : firstFree(free).at);
  return { starts, ends };
}
