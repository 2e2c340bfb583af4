import type { Instances, Publisher, ToldInstance } from "@darkroom/queue";

/** A process is taken to be gone after three reports that did not come. */
const EVERY_MS = 5000;
/** A burst of changes is told once, this much later. */
const CHANGE_MS = 500;

/** Tells the other processes, and operators, how this one is. */
export interface Reporter {
  /** Something is worth telling before the next report is due. */
  changed(): void;
  /** Reports now. Rejects while Redis is down. */
  flush(): Promise<void>;
  /** The counts that Redis has may be wrong: the next report gives all of them. */
  doubt(): void;
  /** Reports no more, and takes this process out. */
  stop(): Promise<void>;
}

/** Reports every five seconds from now on; while Redis is away it goes on trying. */
export function startReporter({
  instances,
  publisher,
  told,
  everyMs = EVERY_MS,
}: {
  readonly instances: Instances;
  readonly publisher: Pick<Publisher, "publishMetric">;
  /** This process as it is now, with all counts. */
  readonly told: () => Promise<ToldInstance>;
  readonly everyMs?: number;
}): Reporter {
  let isDoubtful = true;
  let isStopped = false;
  let soon: NodeJS.Timeout | null = null;
  let instanceId = "";

  const flush = async (): Promise<void> => {
    const now = await told();
    if (isStopped) return;
    const { report } = now;
    instanceId = report.instanceId;
    const wasDoubtful = isDoubtful;
    isDoubtful = false;
    try {
      const isKnown = await instances.report(wasDoubtful ? now : { ...now, counts: null });
      if (!isKnown) await instances.report(now);
    } catch (error) {
      isDoubtful = true;
      throw error;
    }
    await publisher.publishMetric({ type: "instance.measured", at: report.at, instance: report });
  };
  const tryToFlush = () => void flush().catch(() => undefined);
  const timer = setInterval(tryToFlush, everyMs).unref();
  tryToFlush();

  return {
    flush,
    doubt: () => {
      isDoubtful = true;
    },
    changed: () => {
      soon ??= setTimeout(() => {
        soon = null;
        tryToFlush();
      }, CHANGE_MS).unref();
    },
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      if (soon !== null) clearTimeout(soon);
      if (instanceId !== "") await instances.leave(instanceId).catch(() => undefined);
    },
  };
}
