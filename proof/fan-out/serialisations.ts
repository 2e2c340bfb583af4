import type { JobEvent, Principal } from "@darkroom/contracts";
import { frameOf } from "../../apps/web/src/server/websocket/frames.ts";

/**
 * How often one event becomes JSON in a process whose sockets all are to have it: `sockets` of as many feeds as there are, half of
 * them guests', whose subscriptions have different ids.
 */
export function serialisations(sockets: number): number {
  const event: JobEvent = {
    ...{ type: "job.started", jobId: "0190a000-0000-7000-8000-000000000000", version: 2, attempt: 1 },
    ...{ at: "2026-11-21T12:00:00.000Z", backend: "b" },
  };
  const readers = Array.from({ length: sockets }, (_, index): Principal => {
    const [kind, role] = index % 2 === 0 ? (["guest", "guest"] as const) : (["account", "member"] as const);
    const ownerId = String(index);
    return { kind, role, ownerId, ownerIds: [ownerId], displayName: null, scopes: ["read"], isNew: false };
  });
  const { stringify } = JSON;
  let count = 0;
  JSON.stringify = ((...given: Parameters<typeof stringify>) => {
    const [value] = given as [unknown];
    if (typeof value === "object" && value !== null && "jobId" in value) count += 1;
    return stringify(...given);
  }) as typeof stringify;
  try {
    readers.forEach((reader, index) => {
      frameOf({ cursor: { [reader.ownerId]: 1 }, events: [event] }, `{"id":${index},`, reader);
    });
  } finally {
    JSON.stringify = stringify;
  }
  return count;
}
