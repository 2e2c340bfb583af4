import type { Database } from "./client.ts";

export declare function isPaused(database: Database): Promise<boolean>;
export declare function setPaused(database: Database, paused: boolean): Promise<void>;
