import type { OwnedEvent } from "@darkroom/contracts";
import type { JobRequests } from "./job-requests.ts";

/** What pino is, as far as it is used here. */
interface DebugLog {
  isLevelEnabled(level: string): boolean;
  debug(facts: object, message: string): void;
}

/** Says at the debug level what happened to durable events on their way; undefined where nobody reads that. */
export interface EventLog {
  published(owned: OwnedEvent, isTaken: boolean): void;
  /** How many of those who watch were given them at once. */
  broadcast(events: readonly OwnedEvent[], to: { readonly readers: number; readonly reached: number }): void;
}

export function createEventLog(log: DebugLog, requestOf: JobRequests): EventLog | undefined {
  if (!log.isLevelEnabled("debug")) return undefined;
  const say = async ({ ownerId, ownerSeq, event }: OwnedEvent, facts: object, message: string): Promise<void> => {
    const jobId = "jobId" in event ? event.jobId : null;
    const requestId = jobId === null ? null : await requestOf(jobId);
    log.debug({ requestId, ownerId, ownerSeq, jobId, event: event.type, ...facts }, message);
  };
  return {
    published: (owned, isTaken) => void say(owned, { isTaken }, "published"),
    broadcast: (events, to) => {
      for (const owned of events) void say(owned, to, "broadcast");
    },
  };
}
