import { type DurableEvent, isTerminal, type OwnedEvent, stateAfter } from "@darkroom/contracts";
import type { HubOptions } from "../hub/hub.ts";
import type { KnownJob } from "../hub/job-table.ts";

/** Stands in for Postgres: feeds with sequence numbers, committed one by one, and the jobs that they make. */
export function createFeeds() {
  const feeds = new Map<string, OwnedEvent[]>();
  const heads = new Map<string, number>();
  const jobs = new Map<string, KnownJob>();
  let reads = 0;
  let broken = false;
  const of = (ownerId: string) => feeds.get(ownerId) ?? [];
  const query = <Answer>(answer: () => Answer): Promise<Answer> => {
    reads += 1;
    return broken ? Promise.reject(new Error("Postgres is away")) : Promise.resolve(answer());
  };
  return {
    commit: (ownerId: string, event: DurableEvent): OwnedEvent => {
      const owned = { ownerId, ownerSeq: (heads.get(ownerId) ?? 0) + 1, event };
      heads.set(ownerId, owned.ownerSeq);
      feeds.set(ownerId, [...of(ownerId), owned]);
      if ("jobId" in event) {
        const { jobId, version, attempt } = event;
        const state = stateAfter(event) ?? jobs.get(jobId)?.state ?? "running";
        jobs.set(jobId, { jobId, version, attempt, state });
      }
      return owned;
    },
    /** What retention does. */
    forget: (ownerId: string, upTo: number) =>
      feeds.set(
        ownerId,
        of(ownerId).filter(({ ownerSeq }) => ownerSeq > upTo),
      ),
    setBroken: (value: boolean) => {
      broken = value;
    },
    reads: () => reads,
    head: (ownerId: string) => heads.get(ownerId) ?? 0,
    openJobs: (ownerId: string) =>
      [...jobs.values()].filter(({ jobId, state }) => jobId.startsWith(ownerId) && !isTerminal(state)),
    readFeed: (({ cursors, limit }) =>
      query(() =>
        cursors
          .flatMap(({ ownerId, afterSeq }) => of(ownerId).filter(({ ownerSeq }) => ownerSeq > afterSeq))
          .slice(0, limit),
      )) satisfies HubOptions["readFeed"],
    readFeedTails: ((ownerIds) =>
      query(
        () =>
          new Map(
            ownerIds.map((ownerId) => [ownerId, { head: heads.get(ownerId) ?? 0, events: of(ownerId).slice(-128) }]),
          ),
      )) satisfies HubOptions["readFeedTails"],
    readJobs: ((jobIds) =>
      query(
        () => new Map(jobIds.flatMap((jobId) => (jobs.has(jobId) ? [[jobId, jobs.get(jobId) as KnownJob]] : []))),
      )) satisfies HubOptions["readJobs"],
    readFeedHeads: ((ownerIds) =>
      query(
        () => new Map(ownerIds.map((ownerId) => [ownerId, heads.get(ownerId) ?? 0])),
      )) satisfies HubOptions["readFeedHeads"],
  };
}
