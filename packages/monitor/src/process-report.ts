import { hostname } from "node:os";
import { type InstanceReport, VERSION } from "@darkroom/contracts";
import type { ConnectionHealth } from "@darkroom/queue";

/** What a process tells of itself, whatever it does; the rest of a report is its kind's own. */
export type ProcessReport = Omit<InstanceReport, "tasks" | "web" | "worker">;

/**
 * Tells what this process is like now. It started when this was made.
 *
 * @param parts `freeBytes`: of its storage, in bytes; infinite where that has no bound that is known. `redis`: its
 *   connections, by what each is for.
 */
export function createProcessReport(parts: {
  readonly instanceId: string;
  readonly kind: InstanceReport["kind"];
  readonly freeBytes: () => Promise<number>;
  readonly redis: Readonly<Record<string, () => ConnectionHealth>>;
}): () => Promise<ProcessReport> {
  const { instanceId, kind, redis } = parts;
  const startedAt = new Date().toISOString();
  return async () => {
    const freeBytes = await parts.freeBytes().catch(() => Number.POSITIVE_INFINITY);
    return {
      ...{ instanceId, kind, startedAt, version: VERSION },
      host: hostname(),
      pid: process.pid,
      at: new Date().toISOString(),
      memoryBytes: process.memoryUsage.rss(),
      storageFreeBytes: Number.isFinite(freeBytes) ? freeBytes : null,
      redisReconnects: Object.values(redis).reduce((sum, health) => sum + health().reconnects, 0),
    };
  };
}
