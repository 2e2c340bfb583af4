import type { Instances } from "@darkroom/queue";
import type { SeenPages } from "./push-note.ts";

/** When each owner's pages were last seen, over all processes; empty while Redis is away: then everybody is told. */
export async function seenPages(instances: Pick<Instances, "list">): Promise<ReadonlyMap<string, SeenPages>> {
  const all = await instances.list({ withConnections: true }).catch(() => []);
  const pages = all.flatMap(({ connections }) => connections).filter(({ isPage = true }) => isPage);
  const byOwner = Map.groupBy(pages, ({ ownerId }) => ownerId);
  return new Map([...byOwner].map(([ownerId, own]) => [ownerId, own.map(({ lastSeenAt }) => Date.parse(lastSeenAt))]));
}
