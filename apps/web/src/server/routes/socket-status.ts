import { readConnections } from "@darkroom/api";
import { hasRole } from "@darkroom/contracts";
import { replyJson } from "../http/reply.ts";
import type { Exchange, HttpParts } from "./route.ts";

/**
 * `GET /api/ws/status`: whether sockets are served and how many are open, over all web processes; to admins also whose.
 * `connectionDetails` is null for everyone else.
 */
export async function socketStatus({ response, identity }: Exchange, parts: HttpParts): Promise<void> {
  const { services, socketPath, isDraining } = parts;
  const { totalConnections, jobsWithConnections, connections } = await readConnections(services);
  replyJson(response, 200, {
    status: isDraining() ? "draining" : "ok",
    websocketManager: socketPath === null ? "off" : "ok",
    connections: {
      totalConnections,
      jobsWithConnections,
      connectionDetails: hasRole(identity.principal.role, "admin") ? connections : null,
    },
    endpoints: [...(socketPath === null ? [] : [socketPath]), "/api/trpc"],
  });
}
