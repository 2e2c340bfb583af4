"use client";

import { type ApiKeyScope, apiKeyScopes } from "@darkroom/contracts";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { formatDate } from "../../format-dates.ts";
import { useListens } from "../../hooks/use-listens.ts";
import { useZone } from "../../hooks/use-zone.ts";
import { t, tNodes } from "../../language/say.ts";
import { locale } from "../../language/spoken.ts";
import { type ApiKey, useApiKeys, useCreateApiKey } from "../../trpc/hooks/account/use-api-keys.ts";
import { useRevokeApiKey } from "../../trpc/hooks/jobs/use-remove.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { RemoveButton } from "../remove-button.tsx";
import { SecretOnce } from "./secret-once.tsx";

const scopeWords = (): Readonly<Record<ApiKeyScope, { name: string; hint: string }>> => ({
  read: { name: t`Read`, hint: t`see your jobs and pictures` },
  submit: { name: t`Submit`, hint: t`make, cancel and remove them` },
});

/** The keys by which programs act as the visitor: what there are, a new one, and the way to end one. */
export function ApiKeys() {
  const { keys, error, retry } = useApiKeys();
  return (
    <section aria-labelledby="keys-heading" className="space-y-3">
      <h2 id="keys-heading" className="font-display text-2xl">
        {t`API keys`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {t`Programs use a key to do here what you do. Give each its own, so that you can end one without the others.`}
      </p>
      <div className="panel divide-y divide-line">
        <NewKey />
        {keys === undefined && error === null && <Skeleton className="m-5 h-10" />}
        {keys === undefined && error !== null && (
          <Notice title={t`Your keys could not be loaded.`} action={<Button onClick={retry}>{t`Try again`}</Button>}>
            {error.message}
          </Notice>
        )}
        {keys !== undefined && keys.length > 0 && (
          <ul aria-label={t`API keys`} className="divide-y divide-line">
            {keys.map((key) => (
              <KeyRow key={key.apiKeyId} apiKey={key} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function KeyRow({ apiKey: { apiKeyId, name, prefix, scopes, createdAt, lastUsedAt } }: { apiKey: ApiKey }) {
  const zone = useZone();
  const removal = useRevokeApiKey(apiKeyId);
  const shown = <span className="font-mono">{prefix}…</span>;
  const may = new Intl.ListFormat(locale()).format(scopes.map((scope) => scopeWords()[scope].name));
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3.5">
      <KeyRound aria-hidden className="size-4.5 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="text-sm text-muted">
          {lastUsedAt === null
            ? tNodes`${shown}, ${may}, made ${formatDate(createdAt, zone)}, never used`
            : tNodes`${shown}, ${may}, made ${formatDate(createdAt, zone)}, used ${<TimeAgo at={lastUsedAt} />}`}
        </p>
      </div>
      <RemoveButton
        name={name}
        removal={removal}
        isSmall
        label={t`Revoke`}
        question={t`Revoke ${name}?`}
        keep={t`Keep it`}
      >
        {t`Programs that use this key are turned away from now on. A revoked key cannot come back.`}
      </RemoveButton>
    </li>
  );
}

function NewKey() {
  const { created, isBusy, refusal, create, forget } = useCreateApiKey();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(apiKeyScopes);
  useListens();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create({ name: name.trim(), scopes: [...scopes] }, { onSuccess: () => setName("") });
  };
  if (created !== null) {
    return <SecretOnce title={t`“${created.name}” is made.`} secret={created.key} what={t`API key`} onDone={forget} />;
  }
  const toggle = (scope: ApiKeyScope): void =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-x-5 gap-y-3 p-5">
      <label className="block min-w-52 flex-1 space-y-1.5 text-sm font-medium">
        <span>{t`What is it for?`}</span>
        <input
          className="field"
          value={name}
          maxLength={60}
          required
          placeholder={t`My script`}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <fieldset className="flex min-h-10 flex-wrap items-center gap-x-5 gap-y-1">
        <legend className="sr-only">{t`What it may do`}</legend>
        {apiKeyScopes.map((scope) => (
          <label key={scope} className="flex min-h-8 items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-safelight"
              checked={scopes.includes(scope)}
              onChange={() => toggle(scope)}
            />
            <span>
              <span className="font-medium">{scopeWords()[scope].name}</span>{" "}
              <span className="text-muted">{scopeWords()[scope].hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Button type="submit" disabled={isBusy || name.trim() === "" || scopes.length === 0}>
        <KeyRound aria-hidden className="size-4" /> {t`Make a key`}
      </Button>
      <Problem className="w-full">{refusal?.message}</Problem>
    </form>
  );
}
