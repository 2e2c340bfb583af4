"use client";

import { useState } from "react";
import { useSettled } from "../../../hooks/use-settled.ts";
import { t, tNodes } from "../../../language/say.ts";
import {
  type RetentionKind,
  type RetentionPreview,
  useRetention,
} from "../../../trpc/hooks/operators/use-retention.ts";
import { announce } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { changesOf, type RetentionDraft } from "./retention-draft.ts";
import { lossSentence, PreviewRow, RetentionRow } from "./retention-row.tsx";

/** How long things are kept, with what a change would take while one types, before anything is taken. */
export function Retention() {
  const [draft, setDraft] = useState<RetentionDraft>({});
  const [isAsked, setIsAsked] = useState(false);
  const asked = useSettled(draft, 400);
  const { preview, error, isFetching, set } = useRetention(changesOf(asked));
  if (preview === undefined) {
    if (error === null) return <Skeleton className="h-64 rounded-xl" />;
    return <Notice title={t`How long things are kept could not be loaded.`}>{error.message}</Notice>;
  }
  const isStale = draft !== asked || isFetching;
  const fieldsOf = (kind: RetentionKind) => ({
    days: textOf(preview.rules[kind].days),
    perOwner: textOf(preview.rules[kind].perOwner),
    ...draft[kind],
  });
  const save = (): void =>
    set.mutate(changesOf(draft), {
      onSuccess: () => {
        setDraft({});
        announce(t`The rules are set.`);
      },
    });
  const isChanged = Object.keys(draft).length > 0;
  return (
    <section aria-labelledby="retention-heading" className="space-y-3">
      <h2 id="retention-heading" className="font-display text-2xl">
        {t`How long things are kept`}
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        {t`What is older than the days, and what is not among an owner's newest, goes bit by bit: a hundred jobs a minute. An empty field sets no limit.`}
      </p>
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          setIsAsked(true);
        }}
      >
        <ul aria-label={t`What is kept`} className="panel divide-y">
          {preview.losses.map((loss) => (
            <RetentionRow
              key={loss.kind}
              loss={loss}
              fields={fieldsOf(loss.kind)}
              mostDays={preview.most[loss.kind]}
              isStale={isStale}
              onChange={(rule, text) => setDraft({ ...draft, [loss.kind]: { ...draft[loss.kind], [rule]: text } })}
            />
          ))}
          <PreviewRow
            seconds={draft.previews?.seconds ?? textOf(preview.previews.seconds)}
            onChange={(seconds) => setDraft({ ...draft, previews: { seconds } })}
          />
        </ul>
        <Problem>{(error ?? set.error)?.message}</Problem>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-xs text-faint">
            <LastChange preview={preview} />
          </p>
          {isChanged && (
            <div className="flex gap-2">
              <Button look="quiet" onClick={() => setDraft({})}>
                {t`Leave it as it is`}
              </Button>
              <Button type="submit" look="primary" disabled={set.isPending || isStale || error !== null}>
                {t`Set these rules`}
              </Button>
            </div>
          )}
        </div>
      </form>
      {isAsked && (
        <ConfirmDialog
          title={t`Set these rules?`}
          keep={t`Leave it as it is`}
          action={t`Set these rules`}
          look={preview.losses.some(({ rows }) => rows > 0) ? "danger" : "primary"}
          onConfirm={save}
          onClose={() => setIsAsked(false)}
        >
          <Going losses={preview.losses} />
        </ConfirmDialog>
      )}
    </section>
  );
}

const textOf = (value: number | null): string => (value === null ? "" : String(value));

function LastChange({ preview: { changedAt, changedBy } }: { readonly preview: RetentionPreview }) {
  if (changedAt === null) return t`As the settings have it; nobody has changed it here.`;
  return tNodes`Set by ${changedBy?.displayName ?? t`an operator`} ${<TimeAgo at={changedAt} />}`;
}

function Going({ losses }: Pick<RetentionPreview, "losses">) {
  const going = losses.filter(({ rows }) => rows > 0);
  if (going.length === 0) return t`Nothing goes now; what comes to be beyond them will.`;
  return (
    <>
      <p>{t`These go for good, and what comes to be beyond the rules later:`}</p>
      <ul className="mt-2 list-disc pl-5">
        {going.map((loss) => (
          <li key={loss.kind}>{lossSentence(loss)}</li>
        ))}
      </ul>
    </>
  );
}
