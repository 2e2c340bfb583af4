import { t, tPlural } from "../../language/say.ts";
import type { Outgoing } from "../../trpc/feed/batch-sender.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";

/** That a part of a batch is still in this tab alone, and why it does not go on. */
export function OutgoingNote({ outgoing, onResume }: { readonly outgoing: Outgoing; readonly onResume: () => void }) {
  const { unsent, refusal, isStopped } = outgoing;
  if (isStopped && refusal !== null) {
    return (
      <Notice
        title={tPlural(unsent.length, "{0} picture is not sent.", "{0} pictures are not sent.")}
        action={<Button onClick={onResume}>{t`Send the rest`}</Button>}
      >
        {refusal.message}
      </Notice>
    );
  }
  return (
    <div className="rounded-xl border border-warn/40 bg-warn/8 p-3 text-sm">
      <p className="font-medium">
        {tPlural(
          unsent.length,
          "{0} picture is not sent yet. Keep this tab open: they follow as room appears.",
          "{0} pictures are not sent yet. Keep this tab open: they follow as room appears.",
        )}
      </p>
      {refusal !== null && <p className="text-muted">{refusal.message}</p>}
    </div>
  );
}
