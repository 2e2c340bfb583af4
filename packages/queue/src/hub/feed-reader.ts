import { failpoint, type OwnedEvent } from "@darkroom/contracts";
import type { ReadFeed, ReadFeedHeads } from "../hub.ts";
import { createBatcher } from "./batcher.ts";

/** Events per query. It bounds what a reader that comes back after long holds in memory at once. */
const PAGE_SIZE = 500;

export interface FeedPage {
  readonly events: readonly OwnedEvent[];
  /** False: there may be more; read again after the last one. */
  readonly isComplete: boolean;
}

export interface FeedReader {
  /** An owner's events after a sequence number, in order, as Postgres has them. Waits for Postgres as long as it takes. */
  page(ownerId: string, afterSeq: number): Promise<FeedPage>;
  /** An owner's last sequence number; 0 if it has no events. */
  head(ownerId: string): Promise<number>;
  /** Queries so far. */
  reads(): number;
  close(): void;
}

interface PageRequest {
  readonly ownerId: string;
  readonly afterSeq: number;
}

/** Reads feeds for everyone in this process, in batches. */
export function createFeedReader(options: {
  readonly readFeed: ReadFeed;
  readonly readFeedHeads: ReadFeedHeads;
  readonly onError: (error: unknown) => void;
}): FeedReader {
  const { readFeed, readFeedHeads, onError } = options;
  let reads = 0;

  const readPages = async (requests: readonly PageRequest[]): Promise<FeedPage[]> => {
    const lowest = new Map<string, number>();
    for (const { ownerId, afterSeq } of requests) {
      lowest.set(ownerId, Math.min(afterSeq, lowest.get(ownerId) ?? afterSeq));
    }
    reads += 1;
    await failpoint("hub.reading");
    const events = await readFeed({
      cursors: [...lowest].map(([ownerId, afterSeq]) => ({ ownerId, afterSeq })),
      limit: PAGE_SIZE,
    });
    await failpoint("hub.read");
    const isComplete = events.length < PAGE_SIZE;
    const byOwner = Map.groupBy(events, ({ ownerId }) => ownerId);
    const pages = requests.map(({ ownerId, afterSeq }) => ({
      events: (byOwner.get(ownerId) ?? []).filter(({ ownerSeq }) => ownerSeq > afterSeq),
      isComplete,
    }));
    if (isComplete) return pages;
    // A long feed filled the page: ask again for those it left nothing to. Each round serves at least one of them.
    const starved = requests.filter((_, index) => pages[index]?.events.length === 0);
    if (starved.length === 0 || starved.length === requests.length) return pages;
    const more = new Map(starved.map((request) => [request, null as FeedPage | null]));
    (await readPages(starved)).forEach((page, index) => {
      const request = starved[index];
      if (request !== undefined) more.set(request, page);
    });
    return requests.map((request, index) => more.get(request) ?? pages[index] ?? { events: [], isComplete: true });
  };

  const pages = createBatcher(readPages, onError);
  const heads = createBatcher<string, number>(async (ownerIds) => {
    reads += 1;
    const found = await readFeedHeads([...new Set(ownerIds)]);
    return ownerIds.map((ownerId) => found.get(ownerId) ?? 0);
  }, onError);

  return {
    page: (ownerId, afterSeq) => pages.ask({ ownerId, afterSeq }),
    head: (ownerId) => heads.ask(ownerId),
    reads: () => reads,
    close: () => {
      pages.close();
      heads.close();
    },
  };
}
