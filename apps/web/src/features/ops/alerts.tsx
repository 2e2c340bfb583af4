"use client";

import { BellOff, Check, CircleAlert, TriangleAlert } from "lucide-react";
import { formatMoments } from "../../format-dates.ts";
import { t, tNodes, tServer } from "../../language/say.ts";
import { type Overview, useAlertActions } from "../../trpc/hooks/operators/use-monitor.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";

type AlertView = Overview["alerts"][number];

const SILENCE_MINUTES = 60;

const ruleNames = (): Readonly<Record<AlertView["rule"], string>> => ({
  "queue-depth": t`Long queue`,
  "queue-age": t`Long wait`,
  "failure-rate": t`Many failures`,
  "slow-start": t`Slow start`,
  "no-worker": t`No worker`,
  "backend-down": t`Backend away`,
  "backend-quarantined": t`Backend set aside`,
  "storage-low": t`Little storage`,
  "redis-degraded": t`Redis in trouble`,
  "postgres-degraded": t`Postgres in trouble`,
  "estimate-error": t`Wrong estimates`,
});

/** What lasts and wants somebody to look at it; nothing while all is well. */
export function Alerts({ alerts }: { readonly alerts: readonly AlertView[] }) {
  const { acknowledge, silence } = useAlertActions();
  if (alerts.length === 0) return null;
  const refused = acknowledge.error ?? silence.error;
  return (
    <section aria-label={t`Alerts`} className="space-y-3">
      {refused !== null && <Notice title={t`That did not work.`}>{refused.message}</Notice>}
      <ul className="panel divide-y overflow-hidden">
        {alerts.map((alert) => (
          <AlertRow
            key={alert.alertId}
            alert={alert}
            isBusy={acknowledge.isPending || silence.isPending}
            onAcknowledge={() => acknowledge.mutate({ alertId: alert.alertId })}
            onSilence={(minutes) => silence.mutate({ rule: alert.rule, subject: alert.subject, minutes })}
          />
        ))}
      </ul>
    </section>
  );
}

interface AlertRowProps {
  readonly alert: AlertView;
  readonly isBusy: boolean;
  readonly onAcknowledge: () => void;
  readonly onSilence: (minutes: number) => void;
}

function AlertRow({ alert, isBusy, onAcknowledge, onSilence }: AlertRowProps) {
  const { rule, severity, message, raisedAt, acknowledgedAt, silencedUntil } = alert;
  const isCritical = severity === "critical";
  const Icon = isCritical ? CircleAlert : TriangleAlert;
  const isQuiet = acknowledgedAt !== null || silencedUntil !== null;
  return (
    <li className={cx("flex flex-wrap items-start gap-x-4 gap-y-2 p-4", isQuiet && "opacity-75")}>
      <Icon
        aria-label={isCritical ? t`critical` : t`warning`}
        className={cx("mt-0.5 size-5 shrink-0", isCritical ? "text-bad" : "text-warn")}
      />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{tServer(message)}</p>
        <p className="text-sm text-muted">
          <span title={rule}>{ruleNames()[rule]}</span> · {tNodes`since ${<TimeAgo at={raisedAt} />}`}
          {acknowledgedAt !== null && ` · ${t`somebody looks after it`}`}
          {silencedUntil !== null && <span title={formatMoments(silencedUntil)}> · {t`silenced`}</span>}
        </p>
      </div>
      <div className="flex gap-2">
        {acknowledgedAt === null && (
          <Button
            size="small"
            disabled={isBusy}
            onClick={onAcknowledge}
            title={t`Tell the others that you look after it`}
          >
            <Check aria-hidden className="size-3.5" /> {t`Acknowledge`}
          </Button>
        )}
        {silencedUntil === null ? (
          <Button
            size="small"
            look="quiet"
            disabled={isBusy}
            onClick={() => onSilence(SILENCE_MINUTES)}
            title={t`Tell nobody of this for an hour`}
          >
            <BellOff aria-hidden className="size-3.5" /> {t`Silence`}
          </Button>
        ) : (
          <Button size="small" look="quiet" disabled={isBusy} onClick={() => onSilence(0)}>
            {t`End silence`}
          </Button>
        )}
      </div>
    </li>
  );
}
