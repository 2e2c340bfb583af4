import { replyJson } from "../http/reply.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /api/ws/stats`: open connections by owner. */
export function socketStats({ response }: Exchange, { connections }: HttpParts): void {
  const open = connections.all();
  const byOwner = new Map<string, number>();
  for (const {
    connection: { principal },
  } of open)
    byOwner.set(principal.ownerId, (byOwner.get(principal.ownerId) ?? 0) + 1);
  replyJson(response, 200, {
    totalUsers: byOwner.size,
    totalClients: open.length,
    clientsByUser: [...byOwner].map(([userId, connections]) => ({ userId, connections })),
  });
}
