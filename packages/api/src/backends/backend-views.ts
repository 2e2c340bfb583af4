import { backendModels, listBackends } from "@darkroom/db";
import type { BackendDetail, BackendView } from "../answers/index.ts";
import type { Services } from "../context.ts";

/** Every backend that any worker has reported. */
export async function backendViews({ database }: Pick<Services, "database">): Promise<BackendView[]> {
  const backends = await listBackends(database);
  return backends.map(({ slots, stats, jobIds, catalogHash: _hash, workerId: _worker, ...backend }) => ({
    ...backend,
    simulator: isSimulator(stats),
    // An idle worker holds a slot before it looks for work: only jobs make it busy; one more may be prepared.
    slots: { total: slots.total, busy: Math.min(jobIds.length, slots.total) },
    jobIds,
    stats,
  }));
}

/** {@link backendViews} with the names of their models: they may be thousands, so not for what is asked every second. */
export async function backendDetails(services: Pick<Services, "database">): Promise<BackendDetail[]> {
  const [views, models] = await Promise.all([backendViews(services), backendModels(services.database)]);
  return views.map((view) => ({ ...view, models: models.get(view.backendId) ?? null }));
}

/** The bundled simulator says in its `/system_stats` what it is; pictures of it must always be labelled. */
function isSimulator(stats: Readonly<Record<string, unknown>> | null): boolean {
  return stats !== null && JSON.stringify(stats).toLowerCase().includes("simulator");
}
