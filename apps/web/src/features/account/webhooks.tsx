"use client";

import { Webhook } from "lucide-react";
import { type FormEvent, useState } from "react";
import { formatDate } from "../../format-dates.ts";
import { useListens } from "../../hooks/use-listens.ts";
import { useZone } from "../../hooks/use-zone.ts";
import { t } from "../../language/say.ts";
import {
  useCreateWebhook,
  useRemoveWebhook,
  useUpdateWebhook,
  useWebhooks,
  type WebhookView,
} from "../../trpc/hooks/account/use-webhooks.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { RemoveButton } from "../remove-button.tsx";
import { Deliveries } from "./deliveries.tsx";
import { SecretOnce } from "./secret-once.tsx";

const ends = ["job.succeeded", "job.failed", "job.canceled"] as const;

/** The addresses that are told of the visitor's jobs: what there are, a new one, and what was sent. */
export function Webhooks() {
  const { webhooks, error, retry } = useWebhooks();
  return (
    <section aria-labelledby="webhooks-heading" className="space-y-3">
      <h2 id="webhooks-heading" className="font-display text-2xl">
        {t`Webhooks`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {t`An address of yours is told what becomes of your jobs. Messages are signed, and sent again until they are taken.`}
      </p>
      <div className="panel divide-y divide-line">
        <NewWebhook />
        {webhooks === undefined && error === null && <Skeleton className="m-5 h-10" />}
        {webhooks === undefined && error !== null && (
          <Notice
            title={t`Your webhooks could not be loaded.`}
            action={<Button onClick={retry}>{t`Try again`}</Button>}
          >
            {error.message}
          </Notice>
        )}
        {webhooks !== undefined && webhooks.length > 0 && (
          <ul aria-label={t`Webhooks`} className="divide-y divide-line">
            {webhooks.map((webhook) => (
              <WebhookRow key={webhook.webhookId} webhook={webhook} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function WebhookRow({ webhook: { webhookId, url, events, workflows, enabled, createdAt } }: { webhook: WebhookView }) {
  const zone = useZone();
  const removal = useRemoveWebhook(webhookId);
  const { secret, isBusy, refusal, setEnabled, rotate, forget } = useUpdateWebhook(webhookId);
  const [isOpen, setIsOpen] = useState(false);
  const told = events?.join(", ") ?? t`every event`;
  const facts = [
    ...(enabled ? [] : [t`Switched off`]),
    workflows === null ? told : t`${told} of ${workflows.join(", ")}`,
    t`made ${formatDate(createdAt, zone)}`,
  ];
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3.5">
        <Webhook aria-hidden className="size-4.5 shrink-0 text-faint" />
        <div className="min-w-52 flex-1">
          <p className="break-all font-medium">{url}</p>
          <p className="text-sm text-muted">{facts.join(", ")}</p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? t`Hide the log` : t`Log`}
          </Button>
          <Button size="small" disabled={isBusy} onClick={rotate}>
            {t`New secret`}
          </Button>
          <Button size="small" disabled={isBusy} onClick={() => setEnabled(!enabled)}>
            {enabled ? t`Switch off` : t`Switch on`}
          </Button>
          <RemoveButton name={url} removal={removal} isSmall question={t`Remove this webhook?`} keep={t`Keep it`}>
            {t`The address is told of nothing more, and the log of what was sent to it goes.`}
          </RemoveButton>
        </div>
        <Problem className="w-full">{refusal?.message}</Problem>
      </div>
      {secret !== null && (
        <SecretOnce title={t`The old secret ended.`} secret={secret} what={t`secret`} onDone={forget} />
      )}
      {/* A log that is read again and again would be asked for once more when it is gone. */}
      {isOpen && !removal.isBusy && <Deliveries webhookId={webhookId} />}
    </li>
  );
}

function NewWebhook() {
  const { created, isBusy, refusal, create, forget } = useCreateWebhook();
  const [url, setUrl] = useState("");
  const [isEnds, setIsEnds] = useState(true);
  useListens();
  if (created !== null && created.secret !== null) {
    return <SecretOnce title={t`Its secret is made.`} secret={created.secret} what={t`secret`} onDone={forget} />;
  }
  const chosen = isEnds ? "ends" : "all";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create({ url: url.trim(), ...(isEnds && { events: [...ends] }) }, () => setUrl(""));
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-x-5 gap-y-3 p-5">
      <label className="block min-w-52 flex-1 space-y-1.5 text-sm font-medium">
        <span>{t`Address`}</span>
        <input
          className="field"
          type="url"
          value={url}
          maxLength={2000}
          required
          placeholder="https://example.com/darkroom"
          onChange={(event) => setUrl(event.target.value)}
        />
      </label>
      <label className="block space-y-1.5 text-sm font-medium">
        <span>{t`Tell it of`}</span>
        <select className="field" value={chosen} onChange={(event) => setIsEnds(event.target.value === "ends")}>
          <option value="ends">{t`how jobs end`}</option>
          <option value="all">{t`every event`}</option>
        </select>
      </label>
      <Button type="submit" disabled={isBusy || url.trim() === ""}>
        <Webhook aria-hidden className="size-4" /> {t`Add a webhook`}
      </Button>
      {refusal !== null && (
        <p role="alert" className="w-full text-sm text-bad">
          {refusal.fields[0] === undefined ? refusal.message : t`The address ${refusal.fields[0].message}.`}
        </p>
      )}
    </form>
  );
}
