import type { QueueEntry } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export declare function unqueuedCandidates(database: Database): Promise<QueueEntry[]>;
export declare function queuedInOrder(database: Database): Promise<QueueEntry[]>;
