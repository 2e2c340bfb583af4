import { readConnections } from "@darkroom/api";
import { replyJson } from "../http/reply.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /api/ws/stats`: open connections by owner and by process, over all web processes. */
export async function socketStats({ response }: Exchange, { services }: HttpParts): Promise<void> {
  const { totalConnections, owners, instances } = await readConnections(services);
  replyJson(response, 200, {
    totalUsers: owners.length,
    totalClients: totalConnections,
    clientsByUser: owners.map(({ ownerId, connections }) => ({ userId: ownerId, connections })),
    clientsByInstance: instances.map(({ instanceId, host, pid, sockets, streams }) => ({
      ...{ instanceId, host, pid },
      connections: sockets + streams,
    })),
  });
}
