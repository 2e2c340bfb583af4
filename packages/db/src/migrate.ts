import type { Database } from "./client.ts";

export declare function migrate(database: Database): Promise<void>;
export declare function hasPendingMigrations(database: Database): Promise<boolean>;
