import type { Redis } from "../redis/client.ts";
import { type Keys, VIEWER_TTL_SECONDS } from "../redis/keys.ts";
import { defineScript } from "../redis/script.ts";

/** Who looks at which job, over all processes. Nothing of record: whoever is not heard of is gone. */
export interface Viewers {
  /** Notes that `viewer` looks at the job, or no longer; has to be said again within {@link VIEWER_TTL_SECONDS}. Answers with all who do. */
  look(jobId: string, viewer: string, isLooking: boolean): Promise<readonly string[]>;
}

export function createViewers(redis: Redis, keys: Keys): Viewers {
  const look = defineScript(redis, "look");
  return {
    look: async (jobId, viewer, isLooking) =>
      (await look([keys.viewers(jobId)], [viewer, isLooking ? 1 : 0, VIEWER_TTL_SECONDS * 1000])) as string[],
  };
}
