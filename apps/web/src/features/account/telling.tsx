"use client";

import { Bell, BellOff } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../../language/say.ts";
import { usePush } from "../../trpc/hooks/account/use-push.ts";
import { Button } from "../../ui/button.tsx";
import { isPushed, isTelling, startTelling, stopTelling } from "../jobs/notices/desktop.ts";

/** Switches whether this browser tells of jobs that end, also while no page is open; says so where it cannot. */
export function Telling({ ownerId }: { readonly ownerId: string }) {
  const push = usePush();
  // What a browser can do, and what was chosen in it, is known only there.
  const [canTell, setCanTell] = useState(true);
  const [isOn, setOn] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const isPossible = typeof Notification !== "undefined";
    setCanTell(isPossible);
    setOn(isPossible && isTelling());
  }, []);
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
        {!canTell
          ? t`This browser cannot tell you when a picture is ready. On a phone it may once Darkroom is on the home screen.`
          : !isOn
            ? t`This browser can tell you when a picture is ready or has failed and you look elsewhere, also when no page of Darkroom is open.`
            : isPushed()
              ? t`This browser tells you when a picture is ready or has failed and you look elsewhere, also when no page of Darkroom is open.`
              : t`This browser tells you when a picture is ready or has failed and you look elsewhere, while a page of Darkroom is open.`}
      </p>
      <Button onClick={() => void change()} disabled={isBusy || !canTell}>
        {isOn ? <BellOff aria-hidden className="size-4" /> : <Bell aria-hidden className="size-4" />}
        {isOn ? t`Tell me no more here` : t`Tell me here`}
      </Button>
      <p role="status" className="text-sm text-bad">
        {problem}
      </p>
    </section>
  );
}
