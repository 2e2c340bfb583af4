import { type Database, type MinuteGauges, noteMinutes } from "@darkroom/db";
import type { Instances, RedisMemory } from "@darkroom/queue";

/** Notes the minutes that are over, for charts; any number of processes may. */
export function noteMinute({
  database,
  instances,
  redisMemory,
}: {
  readonly database: Database;
  readonly instances: Pick<Instances, "list">;
  readonly redisMemory: () => Promise<RedisMemory>;
}): Promise<number> {
  return noteMinutes(database, async (): Promise<MinuteGauges | null> => {
    const [listed, redis] = await Promise.all([instances.list().catch(() => null), redisMemory().catch(() => null)]);
    if (listed === null) return null;
    const webs = listed.flatMap(({ report }) => (report.web === null ? [] : { ...report.web, id: report.instanceId }));
    const sum = (of: (web: (typeof webs)[number]) => number): number => webs.reduce((total, web) => total + of(web), 0);
    return {
      webs: webs.length,
      workers: listed.length - webs.length,
      sockets: sum(({ sockets }) => sockets),
      streams: sum(({ streams }) => streams),
      buffered: sum(({ buffered }) => buffered),
      redisBytes: redis?.usedBytes ?? null,
      totals: Object.fromEntries(
        webs.map(({ id, openedTotal, resumedTotal, brokenTotal, gapsTotal, overflowsTotal }) => [
          id,
          [openedTotal, resumedTotal, brokenTotal, gapsTotal, overflowsTotal],
        ]),
      ),
    };
  });
}
