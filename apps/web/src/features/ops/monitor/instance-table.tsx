import { plural } from "@darkroom/contracts";
import { formatBytes, formatClock, formatMoment } from "../../../format.ts";
import type { Overview } from "../../../trpc/hooks/operators/use-monitor.ts";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { Table } from "./table.tsx";

type Instance = Overview["instances"][number];

const placeOf = ({ host, pid }: Pick<Instance, "host" | "pid">): string => `${host} · ${pid}`;

/** Every process that lives, and what it holds. */
export function InstanceTable({ instances }: { readonly instances: readonly Instance[] }) {
  return (
    <Table
      label="Processes"
      head={["Kind", "Host and pid", "Holds", "Memory", "Reconnects to Redis", "Storage left", "Up since"]}
    >
      {instances.map((instance) => (
        <tr key={instance.instanceId} title={instance.instanceId}>
          <td className="font-medium">{instance.kind === "web" ? "Web" : "Worker"}</td>
          <td className="whitespace-nowrap">{placeOf(instance)}</td>
          <td className="min-w-44">{holds(instance)}</td>
          <td className="whitespace-nowrap">{formatBytes(instance.memoryBytes)}</td>
          <td>{instance.redisReconnects}</td>
          <td className="whitespace-nowrap">
            {instance.storageFreeBytes === null ? "–" : formatBytes(instance.storageFreeBytes)}
          </td>
          <td className="whitespace-nowrap">
            <TimeAgo at={instance.startedAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function holds({ web, worker }: Instance): string {
  if (worker !== null) {
    const resting = worker.backends.filter(({ isResting }) => isResting).length;
    return `${worker.running} running, ${plural(worker.slots, "slot")}${resting > 0 ? `, ${resting} resting` : ""}`;
  }
  if (web === null) return "";
  const streams = web.streams > 0 ? `, ${plural(web.streams, "event stream")}` : "";
  return `${plural(web.sockets, "socket")}${streams}, ${plural(web.subscriptions, "subscription")}`;
}

/** Every background task, by its last run in any process. */
export function TaskTable({ tasks, instances, at }: Pick<Overview, "tasks" | "instances" | "at">) {
  return (
    <Table label="Background tasks" head={["Task", "Last run", "Next look", "By", "Last error"]}>
      {tasks.map(({ name, lastRunAt, nextRunAt, lastError, instanceId }) => {
        const by = instances.find((instance) => instance.instanceId === instanceId);
        return (
          <tr key={name}>
            <td className="whitespace-nowrap font-medium">{name}</td>
            <td className="whitespace-nowrap">{lastRunAt === null ? "not yet" : <TimeAgo at={lastRunAt} />}</td>
            <td className="whitespace-nowrap">{nextRunAt === null ? "–" : dueIn(nextRunAt, at)}</td>
            <td className="whitespace-nowrap">{by === undefined ? "–" : placeOf(by)}</td>
            <td
              className="max-w-80 truncate text-muted"
              title={lastError === null ? undefined : formatMoment(lastError.at)}
            >
              {lastError === null ? (
                "none"
              ) : (
                <span className="text-bad">
                  {lastError.message} (<TimeAgo at={lastError.at} />)
                </span>
              )}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

/** What is due already is looked at with the next breath: reports are a few seconds old. */
function dueIn(nextRunAt: string, now: string): string {
  const seconds = (Date.parse(nextRunAt) - Date.parse(now)) / 1000;
  return seconds <= 0 ? "now" : `in ${formatClock(seconds)}`;
}
