import type { OwnedEvent } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export declare function readFeed(
  database: Database,
  request: { cursors: readonly { ownerId: string; afterSeq: number }[]; limit: number },
): Promise<OwnedEvent[]>;
export declare function readFeedHeads(database: Database, ownerIds: readonly string[]): Promise<Map<string, number>>;
