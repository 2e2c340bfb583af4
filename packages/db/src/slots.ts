import type { Database } from "./client.ts";

export declare function acquireSlot(
  database: Database,
  wish: { backendId: string; workerId: string; concurrency: number; leaseSeconds: number },
): Promise<{ readonly ordinal: number } | null>;
export declare function releaseSlot(
  database: Database,
  slot: { backendId: string; ordinal: number; workerId: string },
): Promise<void>;
