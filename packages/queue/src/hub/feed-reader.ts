import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs, createBatcher, failpoint, type OwnedEvent } from "@darkroom/contracts";
import type { KnownJob } from "./job-table.ts";

/** Reads durable events after each owner's `afterSeq`, each owner's in order; at most `limit` in all. */
export type ReadFeed = (query: {
  readonly cursors: readonly { readonly ownerId: string; readonly afterSeq: number }[];
  readonly limit: number;
}) => Promise<readonly OwnedEvent[]>;

/** The end of an owner's feed: its last `ownerSeq` and the events up to it, in order. */
export interface FeedTail {
  readonly head: number;
  readonly events: readonly OwnedEvent[];
}

/**
 * The last 128 events of each owner, of one moment. They tell late transients of jobs that just ended for what they are,
 * and serve readers that come back after a short while.
 */
export type ReadFeedTails = (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, FeedTail>>;

/** Where jobs stand now; one that does not exist is absent. */
export type ReadJobs = (jobIds: readonly string[]) => Promise<ReadonlyMap<string, KnownJob>>;

/**
 * A feed begins when its first reader comes. After a restart they all come: read together, a thousand cost a few queries,
 * and nobody notices this much in the opening of a feed.
 */
const TAIL_SPACING_MS = 100;
/** Events per query. It bounds what a reader that comes back after long holds in memory at once. */
const PAGE_SIZE = 500;
/** Waits between tries of a query that failed. */
const RETRY = { firstMs: 100, maxMs: 1000 };

export interface FeedPage {
  readonly events: readonly OwnedEvent[];
  /** False: there may be more; read again after the last one. */
  readonly isComplete: boolean;
}

export interface FeedReader {
  /** An owner's events after a sequence number, in order, as Postgres has them. Waits for Postgres as long as it takes. */
  page(ownerId: string, afterSeq: number): Promise<FeedPage>;
  /** The end of an owner's feed. It may wait 100 ms to be read with others. */
  tail(ownerId: string): Promise<FeedTail>;
  /** Where these jobs stand in Postgres now; those that do not exist are left out. */
  jobs(jobIds: readonly string[]): Promise<readonly KnownJob[]>;
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
  readonly readFeedTails: ReadFeedTails;
  readonly readJobs: ReadJobs;
  readonly onError: (error: unknown) => void;
}): FeedReader {
  const { readFeed, readFeedTails, readJobs, onError } = options;
  let reads = 0;
  let isClosed = false;

  /** `read`'s answer, asked for again until there is one. Never settles once the reader is closed. */
  const insist = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
    for (let tries = 0; !isClosed; tries += 1) {
      try {
        return await read();
      } catch (error) {
        onError(error);
        await sleep(backoffMs(tries, RETRY), undefined, { ref: false });
      }
    }
    return new Promise(() => undefined);
  };

  const readPages = async (requests: readonly PageRequest[]): Promise<FeedPage[]> => {
    const lowest = new Map<string, number>();
    for (const { ownerId, afterSeq } of requests) {
      lowest.set(ownerId, Math.min(afterSeq, lowest.get(ownerId) ?? afterSeq));
    }
    reads += 1;
    const events = await readFeed({
      cursors: [...lowest].map(([ownerId, afterSeq]) => ({ ownerId, afterSeq })),
      limit: PAGE_SIZE,
    });
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

  const readTails = async (ownerIds: readonly string[]): Promise<FeedTail[]> => {
    reads += 1;
    await failpoint("hub.reading");
    const found = await readFeedTails([...new Set(ownerIds)]);
    await failpoint("hub.read");
    return ownerIds.map((ownerId) => found.get(ownerId) ?? { head: 0, events: [] });
  };

  const findJobs = async (requests: readonly (readonly string[])[]): Promise<(readonly KnownJob[])[]> => {
    reads += 1;
    const found = await readJobs([...new Set(requests.flat())]);
    return requests.map((jobIds) => jobIds.flatMap((jobId) => found.get(jobId) ?? []));
  };

  const page = createBatcher((requests: readonly PageRequest[]) => insist(() => readPages(requests)));
  const tail = createBatcher((ownerIds: readonly string[]) => insist(() => readTails(ownerIds)), {
    spacingMs: TAIL_SPACING_MS,
  });

  const jobs = createBatcher((requests: readonly (readonly string[])[]) => insist(() => findJobs(requests)));

  return {
    page: (ownerId, afterSeq) => page({ ownerId, afterSeq }),
    tail,
    jobs,
    reads: () => reads,
    close: () => {
      isClosed = true;
    },
  };
}
