import { countFollowedJobs, ownerNames } from "@darkroom/db";
import type { ToldInstance } from "@darkroom/queue";
import type { ConnectionsView } from "../answers/index.ts";
import type { Services } from "../context.ts";

type Parts = Pick<Services, "database" | "monitor" | "log">;

/** A process, and what each owner holds there. */
interface Holder extends Pick<ToldInstance, "report" | "connections"> {
  readonly owners: ReadonlyMap<string, number>;
}

/** Every open connection of all web processes; of this one alone while Redis is down. */
export async function readConnections(parts: Parts): Promise<ConnectionsView> {
  const holders = (await readHolders(parts)).filter(({ report }) => report.kind === "web");
  const byOwner = new Map<string, number>();
  for (const { owners } of holders)
    for (const [ownerId, count] of owners) byOwner.set(ownerId, (byOwner.get(ownerId) ?? 0) + count);
  const names = await ownerNames(parts.database, [...byOwner.keys()]);
  const jobIds = holders.flatMap(({ report }) => report.web?.followedJobs ?? []);
  return {
    totalConnections: holders.reduce((sum, { report: { web } }) => sum + (web?.sockets ?? 0) + (web?.streams ?? 0), 0),
    jobsWithConnections: await countFollowedJobs(parts.database, { ownerIds: [...byOwner.keys()], jobIds }),
    instances: holders.map(({ report: { instanceId, host, pid, web } }) => ({
      ...{ instanceId, host, pid },
      ...{ sockets: web?.sockets ?? 0, streams: web?.streams ?? 0 },
    })),
    owners: [...byOwner]
      .map(([ownerId, connections]) => ({ ownerId, displayName: names.get(ownerId) ?? null, connections }))
      .toSorted((a, b) => b.connections - a.connections),
    connections: holders.flatMap(({ report: { instanceId }, connections }) =>
      connections.map((connection) => ({ ...connection, instanceId })),
    ),
  };
}

async function readHolders({ monitor, log }: Parts): Promise<readonly Holder[]> {
  try {
    // What this process holds is told first, so that who asks right after connecting finds itself.
    await monitor.flush();
    return await monitor.instances.list({ withConnections: true });
  } catch (error) {
    log.warn({ err: error }, "connections of other processes are not known while Redis is down");
    const { report, connections, counts } = await monitor.own();
    return [{ report, connections, owners: counts?.owners ?? new Map() }];
  }
}
