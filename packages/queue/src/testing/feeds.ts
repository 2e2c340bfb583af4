import type { DurableEvent, OwnedEvent } from "@darkroom/contracts";
import type { HubOptions } from "../hub/hub.ts";

/** Stands in for Postgres: feeds with sequence numbers, committed one by one. */
export function createFeeds() {
  const feeds = new Map<string, OwnedEvent[]>();
  const heads = new Map<string, number>();
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
    readFeedHeads: ((ownerIds) =>
      query(
        () => new Map(ownerIds.map((ownerId) => [ownerId, heads.get(ownerId) ?? 0])),
      )) satisfies HubOptions["readFeedHeads"],
  };
}
