"use client";

import { t, tPlural } from "../../../language/say.ts";
import { useConnections } from "../../../trpc/hooks/operators/use-monitor.ts";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { Table } from "./table.tsx";

/** More rows than these are a number. */
const SHOWN = 20;

/** Open connections by person, over all web processes; for admins. */
export function Connected() {
  const { data, error } = useConnections(true);
  if (data === undefined)
    return error === null ? (
      <Skeleton className="h-22 rounded-xl" />
    ) : (
      <Notice title={t`The connections could not be loaded.`}>{error.message}</Notice>
    );
  const hosts = new Map(data.instances.map(({ instanceId, host, pid }) => [instanceId, `${host} · ${pid}`]));
  const rest = data.owners.length - SHOWN;
  return (
    <div className="space-y-2">
      <Table label={t`Who is connected`} head={[t`Who`, t`Connections`, t`On`, t`Transport`, t`Since`, t`Last heard`]}>
        {data.owners.slice(0, SHOWN).map(({ ownerId, displayName, connections }) => {
          const own = data.connections.filter((connection) => connection.ownerId === ownerId);
          const places = [...new Set(own.map(({ instanceId }) => hosts.get(instanceId) ?? "–"))];
          const transports = [
            ...new Set(own.map(({ transport }) => (transport === "ws" ? "WebSocket" : t`event stream`))),
          ];
          const since = own.map(({ connectedAt }) => connectedAt).toSorted()[0];
          const heard = own
            .map(({ lastSeenAt }) => lastSeenAt)
            .toSorted()
            .at(-1);
          return (
            <tr key={ownerId}>
              <td className="max-w-56 truncate" title={ownerId}>
                {displayName ?? <span className="text-muted">{t`Guest ${ownerId.slice(-6)}`}</span>}
              </td>
              <td>{connections}</td>
              <td className="whitespace-nowrap">{places.join(", ")}</td>
              <td className="whitespace-nowrap">{transports.join(", ")}</td>
              <td className="whitespace-nowrap">{since === undefined ? "–" : <TimeAgo at={since} />}</td>
              <td className="whitespace-nowrap">{heard === undefined ? "–" : <TimeAgo at={heard} />}</td>
            </tr>
          );
        })}
      </Table>
      {rest > 0 && (
        <p className="text-sm text-muted">{tPlural(rest, "And {0} person more.", "And {0} people more.")}</p>
      )}
    </div>
  );
}
