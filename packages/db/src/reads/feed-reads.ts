import { readFeed, readFeedHeads, readFeedTails } from "../feed/read-feed.ts";
import type { Database } from "../postgres/client.ts";
import { readJobStates } from "./job-states.ts";

/** So many of an owner's last events tell a hub that begins what it may take for late. */
const TAIL = 128;

/** What a hub reads of a database, as the functions that it takes. */
export const feedReads = (database: Database) => ({
  readFeed: (request: Parameters<typeof readFeed>[1]) => readFeed(database, request),
  readFeedHeads: (ownerIds: readonly string[]) => readFeedHeads(database, ownerIds),
  readFeedTails: (ownerIds: readonly string[]) => readFeedTails(database, { ownerIds, limit: TAIL }),
  readJobs: (jobIds: readonly string[]) => readJobStates(database, jobIds),
});
