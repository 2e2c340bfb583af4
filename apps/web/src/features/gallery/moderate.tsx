"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { t, tNodes, tPlural } from "../../language/say.ts";
import { type SharedPicture, useModeration } from "../../trpc/hooks/use-gallery.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { reasonNames } from "./report-reasons.ts";

/** For operators: what was said of a shared picture, and to take it down or let it be. */
export function Moderate({ moderation }: { readonly moderation: NonNullable<SharedPicture["moderation"]> }) {
  const { outputId, reports, reasons, hiddenAt, hiddenReason } = moderation;
  const { hide } = useModeration(false);
  const [reason, setReason] = useState("");
  const decide = (hidden: boolean): void =>
    hide.mutate({ outputId, hidden, ...(hidden && reason.trim() !== "" && { reason: reason.trim() }) });
  return (
    <section aria-label={t`Operators`} className="panel space-y-3 border-warn/40 p-5 text-sm">
      <p className="font-medium">
        {hiddenAt !== null
          ? tNodes`Taken down ${<TimeAgo at={hiddenAt} />}`
          : reports > 0
            ? tPlural(reports, "{0} report", "{0} reports")
            : t`Nobody has reported it`}
      </p>
      {reasons.length > 0 && <p className="text-muted">{reasons.map((one) => reasonNames()[one]).join(". ")}.</p>}
      {hiddenAt !== null ? (
        <>
          {hiddenReason !== null && <p className="text-muted">{hiddenReason}</p>}
          <Button size="small" disabled={hide.isPending} onClick={() => decide(false)}>
            <Eye aria-hidden className="size-3.5" /> {t`Put it back`}
          </Button>
        </>
      ) : (
        <>
          <label className="block space-y-1.5">
            <span className="text-muted">{t`Why, as its owner is told`}</span>
            <input
              className="field"
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          <div className="flex flex-wrap gap-2">
            <Button size="small" look="danger" disabled={hide.isPending} onClick={() => decide(true)}>
              <EyeOff aria-hidden className="size-3.5" /> {t`Take it down`}
            </Button>
            {reports > 0 && (
              <Button size="small" disabled={hide.isPending} onClick={() => decide(false)}>
                <Eye aria-hidden className="size-3.5" /> {t`Let it be`}
              </Button>
            )}
          </div>
        </>
      )}
      <Problem>{hide.error?.message}</Problem>
    </section>
  );
}
