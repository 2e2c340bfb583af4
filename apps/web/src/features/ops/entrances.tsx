"use client";

import { DoorClosed, DoorOpen } from "lucide-react";
import { t, tNodes } from "../../language/say.ts";
import { type EntranceView, useEntrances } from "../../trpc/hooks/operators/use-ops.ts";
import { announce } from "../../ui/announcer.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";

const words = () => ({
  guests: {
    name: t`Guests`,
    open: t`Visitors without an account can generate.`,
    closed: t`Visitors without an account can only sign in.`,
  },
  signUp: {
    name: t`Sign-up`,
    open: t`Anyone can make an account.`,
    closed: t`Nobody can make an account. Whoever has one signs in.`,
  },
  gallery: {
    name: t`Gallery`,
    open: t`What owners publish is there for everyone to see.`,
    closed: t`Nobody sees or fills it. Shared links go on.`,
  },
});

/** Whether guests and new accounts are let in, and the gallery is there, to open and to close for everybody at once. */
export function Entrances() {
  const { entrances, error, setEntrance } = useEntrances();
  if (error !== null) return <Notice title={t`Who may come in could not be loaded.`}>{error.message}</Notice>;
  if (entrances === undefined) return <Skeleton className="h-22 rounded-xl" />;
  return (
    <>
      {setEntrance.error !== null && <Notice title={t`That did not work.`}>{setEntrance.error.message}</Notice>}
      <ul aria-label={t`Who may come in`} className="grid gap-3 md:grid-cols-2 lg:grid-cols-3">
        {entrances.map((view) => (
          <EntranceCard
            key={view.entrance}
            view={view}
            isBusy={setEntrance.isPending}
            onSwitch={(isOpen) =>
              setEntrance.mutate(
                { entrance: view.entrance, isOpen },
                { onSuccess: () => announce(saidOf(words()[view.entrance].name, isOpen)) },
              )
            }
          />
        ))}
      </ul>
    </>
  );
}

const saidOf = (name: string, isOpen: boolean): string => (isOpen ? t`${name}: open` : t`${name}: closed`);

interface EntranceCardProps {
  readonly view: EntranceView;
  readonly isBusy: boolean;
  readonly onSwitch: (isOpen: boolean) => void;
}

function EntranceCard({ view, isBusy, onSwitch }: EntranceCardProps) {
  const { entrance, isOpen, closedBySetting } = view;
  const { name, open, closed } = words()[entrance];
  return (
    <li className="panel flex items-start justify-between gap-4 p-4">
      <div className="min-w-0 space-y-1">
        <p className="flex items-center gap-2 font-medium">
          {name}
          <span
            className={cx("rounded-full border px-2 py-px text-xs", isOpen ? "text-muted" : "border-bad/50 text-bad")}
          >
            {isOpen ? t`open` : t`closed`}
          </span>
        </p>
        <p className="text-sm text-muted">{isOpen ? open : closed}</p>
        <p className="text-xs text-faint">
          {closedBySetting === null ? <LastChange view={view} /> : <Setting name={closedBySetting} />}
        </p>
      </div>
      {closedBySetting === null && (
        <Button
          size="small"
          disabled={isBusy}
          aria-label={isOpen ? t`Close: ${name}` : t`Open it: ${name}`}
          onClick={() => onSwitch(!isOpen)}
        >
          {isOpen ? <DoorClosed aria-hidden className="size-3.5" /> : <DoorOpen aria-hidden className="size-3.5" />}
          {isOpen ? t`Close` : t`Open it`}
        </Button>
      )}
    </li>
  );
}

function LastChange({ view: { isOpen, changedAt, changedBy } }: { view: EntranceView }) {
  if (changedAt === null) return t`As the settings have it; nobody has changed it here.`;
  const [who, when] = [changedBy?.displayName ?? t`an operator`, <TimeAgo key="when" at={changedAt} />];
  return isOpen ? tNodes`Opened by ${who} ${when}` : tNodes`Closed by ${who} ${when}`;
}

function Setting({ name }: { name: string }) {
  const text = `${name}=false`;
  const setting = <code className="font-mono">{text}</code>;
  return tNodes`Closed by the setting ${setting}. To open it, set it to true and restart the web processes.`;
}
