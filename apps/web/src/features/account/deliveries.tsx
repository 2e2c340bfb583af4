import { t, tPlural } from "../../language/say.ts";
import { useDeliveries, type WebhookDelivery } from "../../trpc/hooks/account/use-webhooks.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";

/** What was last sent to a webhook, with what came back. */
export function Deliveries({ webhookId }: { webhookId: string }) {
  const { deliveries, isBusy, redeliver } = useDeliveries(webhookId);
  if (deliveries === undefined) return <Skeleton className="m-5 h-10" />;
  if (deliveries.length === 0) return <p className="px-5 pb-4 text-sm text-muted">{t`Nothing was sent yet.`}</p>;
  return (
    <ul aria-label={t`Deliveries`} className="divide-y divide-line border-t border-line bg-ground/40">
      {deliveries.map((delivery) => (
        <li key={delivery.deliveryId} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2 text-sm">
          <details className="min-w-52 flex-1">
            <summary className="cursor-pointer">
              <span className="font-mono">{delivery.type}</span>{" "}
              <span className={delivery.state === "delivered" ? "text-muted" : "text-bad"}>{outcomeOf(delivery)}</span>{" "}
              <span className="text-faint">
                <TimeAgo at={delivery.sentAt ?? delivery.createdAt} />
              </span>
            </summary>
            <dl className="mt-2 space-y-2">
              {[
                [t`Sent`, delivery.request],
                [t`Answer`, delivery.answer],
              ].map(([name, text]) => (
                <div key={name}>
                  <dt className="text-muted">{name}</dt>
                  <dd>
                    <pre className="max-h-48 overflow-auto whitespace-pre-wrap break-all rounded-lg bg-ground p-3 font-mono text-xs">
                      {text || "–"}
                    </pre>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
          <Button size="small" disabled={isBusy} onClick={() => redeliver(delivery.deliveryId)}>
            {t`Send again`}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function outcomeOf({ state, status, attempts, latencyMs }: WebhookDelivery): string {
  if (attempts === 0) return t`not sent yet`;
  const ms = latencyMs ?? 0;
  const facts = [
    status === null ? t`no answer in ${ms} ms` : t`answered ${status} in ${ms} ms`,
    ...(attempts === 1 ? [] : [tPlural(attempts, "{0} attempt", "{0} attempts")]),
    ...(state === "waiting" ? [t`will be sent again`] : state === "failed" ? [t`given up`] : []),
  ];
  return facts.join(", ");
}
