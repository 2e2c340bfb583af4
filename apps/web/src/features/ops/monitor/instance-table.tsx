import { formatBytes, formatClock } from "../../../format.ts";
import { formatMoments } from "../../../format-dates.ts";
import { t, tPlural } from "../../../language/say.ts";
import type { Overview } from "../../../trpc/hooks/operators/use-monitor.ts";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { Table } from "./table.tsx";

type Instance = Overview["instances"][number];

const placeOf = ({ host, pid }: Pick<Instance, "host" | "pid">): string => `${host} · ${pid}`;

/** Every process that lives, and what it holds. */
export function InstanceTable({ instances }: { readonly instances: readonly Instance[] }) {
  return (
    <Table
      label={t`Processes`}
      head={[t`Kind`, t`Host and pid`, t`Holds`, t`Memory`, t`Reconnects to Redis`, t`Storage left`, t`Up since`]}
    >
      {instances.map((instance) => (
        <tr key={instance.instanceId} title={instance.instanceId}>
          <td className="font-medium">{instance.kind === "web" ? t`Web` : t`Worker`}</td>
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
    const all = tPlural(worker.slots, "{1} running, {0} slot", "{1} running, {0} slots", worker.running);
    return resting > 0 ? t`${all}, ${resting} resting` : all;
  }
  if (web === null) return "";
  return [
    tPlural(web.sockets, "{0} socket", "{0} sockets"),
    ...(web.streams > 0 ? [tPlural(web.streams, "{0} event stream", "{0} event streams")] : []),
    tPlural(web.subscriptions, "{0} subscription", "{0} subscriptions"),
  ].join(", ");
}

const taskNames = (): Readonly<Record<string, string>> => ({
  maintenance: t`Maintenance of the queue`,
  "retention of previews": t`Retention of previews`,
  "file sweep": t`Sweep of files`,
  alerts: t`Alerts`,
  minutes: t`Numbers of each minute`,
  push: t`Push notifications`,
  webhooks: t`Webhooks`,
});

/** Every background task, by its last run in any process. */
export function TaskTable({ tasks, instances, at }: Pick<Overview, "tasks" | "instances" | "at">) {
  return (
    <Table label={t`Background tasks`} head={[t`Task`, t`Last run`, t`Next look`, t`By`, t`Last error`]}>
      {tasks.map(({ name, lastRunAt, nextRunAt, lastError, instanceId }) => {
        const by = instances.find((instance) => instance.instanceId === instanceId);
        return (
          <tr key={name}>
            <td className="whitespace-nowrap font-medium" title={name}>
              {taskNames()[name] ?? name}
            </td>
            <td className="whitespace-nowrap">{lastRunAt === null ? t`not yet` : <TimeAgo at={lastRunAt} />}</td>
            <td className="whitespace-nowrap">{nextRunAt === null ? "–" : dueIn(nextRunAt, at)}</td>
            <td className="whitespace-nowrap">{by === undefined ? "–" : placeOf(by)}</td>
            <td
              className="max-w-80 truncate text-muted"
              title={lastError === null ? undefined : formatMoments(lastError.at)}
            >
              {lastError === null ? (
                t`none`
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
  return seconds <= 0 ? t`now` : t`in ${formatClock(seconds)}`;
}
