"use client";

import type { ReactNode } from "react";
import { formatBytes, formatSeconds } from "../../../format.ts";
import { t, tPlural } from "../../../language/say.ts";
import { locale } from "../../../language/spoken.ts";
import { type Overview, useOverview } from "../../../trpc/hooks/operators/use-monitor.ts";
import { useConnection } from "../../../trpc/hooks/use-connection.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { Alerts } from "../alerts.tsx";
import { OpsTabs } from "../ops-tabs.tsx";
import { BackendTable } from "./backend-table.tsx";
import { Connected } from "./connected.tsx";
import { HistoryCharts } from "./history-charts.tsx";
import { InstanceTable, TaskTable } from "./instance-table.tsx";
import { WaitingGroups } from "./waiting-groups.tsx";

/** The whole system on one page, live, the same whichever process serves it. */
export function Monitor({ isAdmin }: { readonly isAdmin: boolean }) {
  const { data, error, refetch } = useOverview(true);
  if (data === undefined) {
    return error === null ? (
      <Skeleton className="h-96 rounded-2xl" />
    ) : (
      <Notice
        title={t`The monitor could not be loaded.`}
        action={<Button onClick={() => void refetch()}>{t`Try again`}</Button>}
      >
        {error.message}
      </Notice>
    );
  }
  return (
    <div className="space-y-8">
      <OpsTabs />
      <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h1 className="font-display text-4xl">{t`Monitor`}</h1>
        <Live at={data.at} />
      </header>
      <Alerts alerts={data.alerts} />
      <Numbers overview={data} />
      <Section title={t`Who waits`}>
        <WaitingGroups waiting={data.waiting} />
      </Section>
      <HistoryCharts />
      <Section title={t`Backends`}>
        <BackendTable backends={data.backends} />
      </Section>
      <Section title={t`Processes`}>
        <InstanceTable instances={data.instances} />
      </Section>
      {isAdmin && (
        <Section title={t`Who is connected`}>
          <Connected />
        </Section>
      )}
      <Section title={t`Background tasks`}>
        <TaskTable tasks={data.tasks} instances={data.instances} at={data.at} />
      </Section>
    </div>
  );
}

function Live({ at }: { readonly at: string }) {
  const { status } = useConnection();
  const isLive = status === "live";
  return (
    <p className="flex items-center gap-2 text-sm text-muted tabular-nums">
      <span aria-hidden className={cx("size-2 rounded-full", isLive ? "animate-breathe bg-good" : "bg-warn")} />
      {isLive ? t`Live` : t`Asked for every 3 s`} ·{" "}
      <time dateTime={at}>{new Date(at).toLocaleTimeString(locale(), { hourCycle: "h23" })}</time>
    </p>
  );
}

function Numbers({ overview: { queue, jobs, websockets, instances, redis } }: { readonly overview: Overview }) {
  const ended = queue.succeeded + queue.failed;
  const webs = instances.flatMap(({ web }) => web ?? []);
  const buffered = webs.reduce((sum, web) => sum + web.buffered, 0);
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
      <Stat label={t`Waiting`} value={String(queue.waiting)}>
        {queue.oldestWaitSeconds === null ? t`nobody is due` : t`longest ${formatSeconds(queue.oldestWaitSeconds)}`}
      </Stat>
      <Stat label={t`Running`} value={String(queue.running + queue.canceling)}>
        {t`${queue.slots.held} of ${queue.slots.total} slots held`}
      </Stat>
      <Stat label={t`Ended in the last hour`} value={String(queue.succeeded + queue.failed + queue.canceled)}>
        {ended === 0 ? t`none failed` : t`${Math.round((queue.failed / ended) * 100)} % failed`}
      </Stat>
      <Stat label={t`Median run`} value={queue.medianRunSeconds === null ? "–" : formatSeconds(queue.medianRunSeconds)}>
        {queue.medianWaitSeconds === null
          ? t`no waits yet`
          : t`after ${formatSeconds(queue.medianWaitSeconds)} of waiting`}
      </Stat>
      <Stat label={t`Connections`} value={String(websockets.totalConnections)}>
        {t`${websockets.jobsWithConnections} of ${jobs.active} open jobs followed`}
      </Stat>
      <Stat label={t`Processes`} value={String(instances.length)}>
        {tPlural(instances.length - webs.length, "{1} web, {0} worker", "{1} web, {0} workers", webs.length)}
      </Stat>
      <Stat label={t`Redis memory`} value={redis === null ? "–" : formatBytes(redis.usedBytes)}>
        {redis === null
          ? t`does not answer`
          : redis.maxBytes === null
            ? t`no limit set`
            : t`of ${formatBytes(redis.maxBytes)}`}
      </Stat>
      <Stat label={t`Events buffered`} value={String(buffered)}>
        {tPlural(
          webs.reduce((sum, web) => sum + web.gapsTotal, 0),
          "{0} gap, {1} overflows",
          "{0} gaps, {1} overflows",
          webs.reduce((sum, web) => sum + web.overflowsTotal, 0),
        )}
      </Stat>
    </dl>
  );
}

function Stat({
  label,
  value,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="panel flex flex-col px-4 py-3 tabular-nums">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="font-display text-3xl">{value}</dd>
      <dd className="text-xs text-faint">{children}</dd>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="space-y-3">
      <h2 className="font-display text-2xl">{title}</h2>
      {children}
    </section>
  );
}
