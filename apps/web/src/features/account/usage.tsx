"use client";

import { t } from "../../language/say.ts";
import { useUsage } from "../../trpc/hooks/account/use-usage.ts";
import { Meter } from "../../ui/meter.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Storage } from "./storage.tsx";

/** How much of each limit is used, before it hurts. */
export function Usage() {
  const usage = useUsage();
  const rows = usage && [
    { name: t`Submits in the last minute`, ...usage.submitsPerMinute },
    { name: t`Pictures in the last hour`, ...usage.generationsPerHour },
    { name: t`Waiting in the queue`, ...usage.waiting },
  ];
  return (
    <section aria-labelledby="usage-heading" className="space-y-3">
      <h2 id="usage-heading" className="font-display text-2xl">
        {t`Usage`}
      </h2>
      {rows === undefined ? (
        <Skeleton className="h-24 rounded-2xl" />
      ) : (
        <dl className="panel grid divide-line max-sm:divide-y sm:grid-cols-3 sm:divide-x">
          {rows.map(({ name, used, most }) => (
            <div key={name} className="space-y-2 p-5">
              <dt className="text-sm text-muted">{name}</dt>
              <dd className="space-y-2">
                <p>
                  <span className="font-display text-2xl tabular-nums">{used}</span>{" "}
                  <span className="text-sm text-muted tabular-nums">{t`of ${most}`}</span>
                </p>
                <Meter share={used / most} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Storage />
    </section>
  );
}
