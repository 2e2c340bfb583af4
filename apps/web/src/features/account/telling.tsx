"use client";

import { Bell, BellOff } from "lucide-react";
import { useState } from "react";
import { t } from "../../language/say.ts";
import { usePush } from "../../trpc/hooks/account/use-push.ts";
import { Button } from "../../ui/button.tsx";
import { isPushed, isTelling, startTelling, stopTelling } from "../jobs/notices/desktop.ts";

/** Switches whether this browser tells of jobs that end, also while no page is open; nothing where it cannot. */
export function Telling({ ownerId }: { readonly ownerId: string }) {
  return typeof Notification === "undefined" ? null : <TellingSwitch ownerId={ownerId} />;
}

function TellingSwitch({ ownerId }: { readonly ownerId: string }) {
  const push = usePush();
  const [isOn, setOn] = useState(isTelling);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = async (): Promise<void> => {
    setBusy(true);
    try {
      const isAllowed = isOn || (await startTelling(push, ownerId));
      if (isOn) await stopTelling(push);
      setOn(!isOn && isAllowed);
      setProblem(
        isAllowed
          ? null
          : t`This browser does not allow it. Allow notifications for this site in its settings, then try again.`,
      );
    } catch {
      setProblem(t`It could not be changed just now. Try again in a moment.`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-labelledby="telling-heading" className="space-y-3">
      <h2 id="telling-heading" className="font-display text-2xl">
        {t`Notifications`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {!isOn
          ? t`This browser can tell you when a picture is ready or has failed and you look elsewhere, also when no page of Darkroom is open.`
          : isPushed()
            ? t`This browser tells you when a picture is ready or has failed and you look elsewhere, also when no page of Darkroom is open.`
            : t`This browser tells you when a picture is ready or has failed and you look elsewhere, while a page of Darkroom is open.`}
      </p>
      <Button onClick={() => void change()} disabled={isBusy}>
        {isOn ? <BellOff aria-hidden className="size-4" /> : <Bell aria-hidden className="size-4" />}
        {isOn ? t`Tell me no more here` : t`Tell me here`}
      </Button>
      <p role="status" className="text-sm text-bad">
        {problem}
      </p>
    </section>
  );
}
