import { listBackends } from "@darkroom/db";
import type { BackendView } from "./answers.ts";
import type { Services } from "./context.ts";

/** Every backend that any worker has reported. */
export async function backendViews({ database }: Pick<Services, "database">): Promise<BackendView[]> {
  const backends = await listBackends(database);
  return backends.map(({ backendId, url, state, version, slots, seenAt, reachedAt, stats, jobIds }) => ({
    backendId,
    // A password in the address is for the workers only.
    url: withoutCredentials(url),
    state,
    version,
    simulator: isSimulator(stats),
    // An idle worker holds a slot before it looks for work: only jobs make it busy.
    slots: { total: slots.total, busy: jobIds.length },
    seenAt,
    reachedAt,
    jobIds,
    stats,
  }));
}

/** The bundled simulator says in its `/system_stats` what it is; pictures of it must always be labelled. */
export function isSimulator(stats: Readonly<Record<string, unknown>> | null): boolean {
  return stats !== null && JSON.stringify(stats).toLowerCase().includes("simulator");
}

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
