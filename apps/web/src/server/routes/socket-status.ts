import { hasRole } from "@darkroom/contracts";
import { replyJson } from "../http/reply.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /api/ws/status`: whether sockets are served and how many are open; to admins also whose. */
export function socketStatus({ response, identity }: Exchange, { connections, isDraining }: HttpParts): void {
  const open = connections.all().map(({ connection }) => connection);
  replyJson(response, 200, {
    status: isDraining() ? "draining" : "ok",
    websocketManager: "ok",
    connections: {
      totalConnections: open.length,
      ...(hasRole(identity.principal.role, "admin") && {
        connectionDetails: open.map(({ connectionId, principal, transport, connectedAt, lastSeenAt }) => ({
          connectionId,
          ownerId: principal.ownerId,
          transport,
          connectedAt,
          lastSeenAt,
        })),
      }),
    },
    endpoints: ["/ws", "/api/trpc"],
  });
}
