import type { OwnedEvent } from "@darkroom/contracts";

/** What pino is, as far as it is used here. */
interface DebugLog {
  isLevelEnabled(level: string): boolean;
  debug(facts: object, message: string): void;
}

/** Says of each durable event that it was published; undefined where nobody reads that. */
export function publishedLog(log: DebugLog): ((owned: OwnedEvent, isTaken: boolean) => void) | undefined {
  if (!log.isLevelEnabled("debug")) return undefined;
  return ({ ownerId, ownerSeq, event }, isTaken) => {
    const jobId = "jobId" in event ? event.jobId : null;
    log.debug({ ownerId, ownerSeq, jobId, event: event.type, isTaken }, "published");
  };
}
