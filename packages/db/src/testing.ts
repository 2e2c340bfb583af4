import type { Database } from "./client.ts";

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the connections and removes the database. */
  drop(): Promise<void>;
}

export declare function createTestDatabase(adminUrl: string): Promise<TestDatabase>;
