import type { InstanceReport } from "@darkroom/contracts";
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

  let flushing: Promise<InstanceReport | null> | null = null;

  const report = async (): Promise<InstanceReport | null> => {
    const now = await told();
    if (isStopped) return null;
    instanceId = now.report.instanceId;
    const wasDoubtful = isDoubtful;
    isDoubtful = false;
    try {
      const isKnown = await instances.report(wasDoubtful ? now : { ...now, counts: null });
      if (!isKnown) await instances.report(now);
    } catch (error) {
      isDoubtful = true;
      throw error;
    }
    return now.report;
  };
  /** Anybody may ask for it, so those who ask at once share one report, and operators are told of none of them. */
  const flush = (): Promise<InstanceReport | null> => {
    flushing ??= report().finally(() => {
      flushing = null;
    });
    return flushing;
  };
  const tell = async (): Promise<void> => {
    const instance = await flush();
    if (instance !== null) await publisher.publishMetric({ type: "instance.measured", at: instance.at, instance });
  };
  const tryToTell = () => void tell().catch(() => undefined);
  const timer = setInterval(tryToTell, everyMs).unref();
  tryToTell();

  return {
    flush: async () => void (await flush()),
    doubt: () => {
      isDoubtful = true;
    },
    changed: () => {
      soon ??= setTimeout(() => {
        soon = null;
        tryToTell();
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
