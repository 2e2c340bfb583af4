import type { Database } from "./client.ts";

export declare function createAdminLink(database: Database, link: { hash: string; ttlSeconds: number }): Promise<void>;
/** True if the link was valid and unused: the owner is an admin now. */
export declare function claimAdminLink(database: Database, claim: { hash: string; ownerId: string }): Promise<boolean>;
