"use client";

import { Download } from "lucide-react";
import { formatBytes } from "../../format.ts";
import { t } from "../../language/say.ts";
import { useSession } from "../../trpc/hooks/account/use-session.ts";
import { useUsage } from "../../trpc/hooks/account/use-usage.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** How much is kept of the visitor, and of how much that may be; for operators also what everybody used, as a table. */
export function Storage() {
  const storage = useUsage()?.storedBytes;
  const { isOperator } = useSession();
  if (storage === undefined) return <Skeleton className="h-24 rounded-2xl" />;
  const { used, most } = storage;
  return (
    <>
      <dl className="panel">
        <div className="space-y-2 p-5">
          <dt className="text-sm text-muted">{t`Pictures and uploads that are kept`}</dt>
          <dd className="space-y-2">
            <p>
              <span className="font-display text-2xl tabular-nums">{formatBytes(used)}</span>{" "}
              {most !== null && <span className="text-sm text-muted tabular-nums">{t`of ${formatBytes(most)}`}</span>}
            </p>
            {most !== null && <Meter share={used / most} />}
          </dd>
        </div>
      </dl>
      {isOperator && (
        <a href="/api/v1/usage.csv" download className={buttonClasses()}>
          <Download aria-hidden className="size-4" /> {t`What everybody used this month (CSV)`}
        </a>
      )}
    </>
  );
}
