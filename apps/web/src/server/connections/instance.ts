import type { InstanceReport } from "@darkroom/contracts";
import { createProcessReport, type Tasks } from "@darkroom/monitor";
import type { ConnectionHealth, Hub, ToldInstance } from "@darkroom/queue";
import type { Storage } from "@darkroom/storage";
import type { Connections } from "./connections.ts";

/** Connections that are told one by one: more than anybody reads, and little enough to tell every few seconds. */
const MAX_DETAILS = 500;
const MAX_FOLLOWED = 500;

/** This web process, as the others are told of it. */
export interface WebInstance {
  told(): Promise<ToldInstance>;
}

export function createWebInstance(parts: {
  readonly instanceId: string;
  readonly hub: Hub;
  readonly connections: () => Connections;
  readonly storage: Pick<Storage, "freeBytes">;
  readonly redis: Readonly<Record<string, () => ConnectionHealth>>;
  readonly tasks: Tasks;
}): WebInstance {
  const { instanceId } = parts;
  const processReport = createProcessReport({
    ...{ instanceId, kind: "web", redis: parts.redis },
    freeBytes: parts.storage.freeBytes,
  });

  function webFacts(): NonNullable<InstanceReport["web"]> {
    const connections = parts.connections();
    const { opened, resumed, closed, refused } = connections.counts();
    const { subscriptions, buffered, gaps, overflows } = parts.hub.stats();
    const all = connections.all();
    const sockets = all.filter(({ connection }) => connection.transport === "ws").length;
    return {
      sockets,
      streams: all.length - sockets,
      openedTotal: opened,
      brokenTotal: closed.get(1006) ?? 0,
      refusedTotal: [...refused.values()].reduce((sum, count) => sum + count, 0),
      resumedTotal: resumed,
      subscriptions,
      followedJobs: [...parts.hub.followedJobs()].slice(0, MAX_FOLLOWED),
      buffered,
      gapsTotal: gaps,
      overflowsTotal: overflows,
    };
  }

  return {
    told: async () => ({
      report: { ...(await processReport()), tasks: [...parts.tasks.reports()], web: webFacts(), worker: null },
      counts: parts.connections().countsBy(),
      connections: parts
        .connections()
        .all()
        .slice(-MAX_DETAILS)
        .map(({ connection: { connectionId, principal, transport, connectedAt, lastSeenAt } }) => ({
          ...{ connectionId, ownerId: principal.ownerId, transport, connectedAt, lastSeenAt },
          isPage: principal.kind !== "apiKey",
        })),
    }),
  };
}
