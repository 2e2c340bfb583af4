"use client";

import { Megaphone } from "lucide-react";
import { useState } from "react";
import { t } from "../../language/say.ts";
import { useBroadcast } from "../../trpc/hooks/operators/use-ops.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";

/** A sentence that everyone who has a page open reads at its top, until it is taken back. */
export function Broadcast() {
  const { notice, broadcast } = useBroadcast();
  const [draft, setDraft] = useState("");
  const tell = (message: string | null): void => broadcast.mutate({ message }, { onSuccess: () => setDraft("") });
  return (
    <section aria-labelledby="broadcast-heading" className="space-y-3">
      <h2 id="broadcast-heading" className="font-display text-2xl">
        {t`Tell everyone`}
      </h2>
      {broadcast.error !== null && <Notice title={t`That did not work.`}>{broadcast.error.message}</Notice>}
      <form
        className="panel flex flex-wrap items-center gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          tell(draft.trim());
        }}
      >
        <label className="min-w-0 flex-1 basis-72">
          <span className="sr-only">{t`What everyone should read`}</span>
          <input
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            maxLength={300}
            placeholder={notice?.message ?? t`We restart at noon; what runs goes on.`}
            className="field"
          />
        </label>
        <Button type="submit" disabled={broadcast.isPending || draft.trim() === ""}>
          <Megaphone aria-hidden className="size-4" /> {t`Tell everyone`}
        </Button>
        {notice !== null && (
          <Button look="quiet" disabled={broadcast.isPending} onClick={() => tell(null)}>
            {t`Take it back`}
          </Button>
        )}
      </form>
    </section>
  );
}
