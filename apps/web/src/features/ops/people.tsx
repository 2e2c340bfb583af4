"use client";

import { hasRole } from "@darkroom/contracts";
import { Ban, DoorOpen } from "lucide-react";
import { t, tNodes } from "../../language/say.ts";
import { type Session, useSession } from "../../trpc/hooks/account/use-session.ts";
import { useRemoveAccount } from "../../trpc/hooks/jobs/use-remove.ts";
import { type UserView, usePeople } from "../../trpc/hooks/operators/use-ops.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { LoadMore } from "../../ui/load-more.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { RemoveButton } from "../remove-button.tsx";
import { Entrances } from "./entrances.tsx";

/** Everyone who was here: to keep out, to let in again, or to remove with all they have. */
export function People() {
  const { session } = useSession();
  const { people, hasMore, isLoadingMore, loadMore, error, setRole, reload } = usePeople();
  return (
    <section aria-labelledby="people-heading" className="space-y-3">
      <h2 id="people-heading" className="font-display text-2xl">
        {t`People`}
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        {t`Who is blocked can do nothing from now on, with no session and no key. A blocked guest can come back as another one: closing guests keeps all of them out.`}
      </p>
      <Entrances />
      {error !== null && <Notice title={t`The list could not be loaded.`}>{error.message}</Notice>}
      {setRole.error !== null && <Notice title={t`That did not work.`}>{setRole.error.message}</Notice>}
      {people === undefined && error === null && <Skeleton className="h-22 rounded-xl" />}
      {people !== undefined && people.length > 0 && (
        <ul aria-label={t`People`} className="panel divide-y">
          {people.map((user) => (
            <Person
              key={user.ownerId}
              user={user}
              mayChange={session !== undefined && mayChange(session, user)}
              isBusy={setRole.isPending}
              onRole={(role) => setRole.mutate({ ownerId: user.ownerId, role })}
              onGone={reload}
            />
          ))}
        </ul>
      )}
      {hasMore && <LoadMore isLoading={isLoadingMore} onMore={loadMore} />}
    </section>
  );
}

/** As the server decides: operators whoever is below them, admins anyone but themselves. */
const mayChange = (session: Session, user: UserView): boolean =>
  user.ownerId !== session.ownerId && (hasRole(session.role, "admin") || !hasRole(user.role, "operator"));

const roleWords = (): Readonly<Record<UserView["role"], string>> => ({
  blocked: t`blocked`,
  guest: t`guest`,
  member: t`member`,
  operator: t`operator`,
  admin: t`admin`,
});

interface PersonProps {
  readonly user: UserView;
  readonly mayChange: boolean;
  readonly isBusy: boolean;
  readonly onRole: (role: "blocked" | "guest" | "member") => void;
  readonly onGone: () => unknown;
}

function Person({ user, mayChange, isBusy, onRole, onGone }: PersonProps) {
  const { ownerId, kind, displayName, role, lastSeenAt } = user;
  const removal = useRemoveAccount(ownerId, onGone);
  const name = displayName ?? (kind === "guest" ? t`A guest` : t`An account`);
  const isBlocked = role === "blocked";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 p-3 pl-4">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2">
          <span className={cx("truncate font-medium", isBlocked && "text-muted line-through")}>{name}</span>
          <span
            className={cx(
              "rounded-full border px-2 py-px text-xs",
              isBlocked ? "border-bad/50 text-bad" : "text-muted",
            )}
          >
            {roleWords()[role]}
          </span>
        </p>
        <p className="truncate text-xs text-faint">
          {tNodes`Seen ${<TimeAgo at={lastSeenAt} />}`} · <span className="font-mono">{ownerId}</span>
        </p>
      </div>
      {mayChange && (
        <div className="flex items-center gap-1">
          {isBlocked ? (
            <Button
              size="small"
              disabled={isBusy}
              aria-label={t`Let in: ${name}`}
              onClick={() => onRole(kind === "guest" ? "guest" : "member")}
            >
              <DoorOpen aria-hidden className="size-3.5" /> {t`Let in`}
            </Button>
          ) : (
            <Button size="small" disabled={isBusy} aria-label={t`Block: ${name}`} onClick={() => onRole("blocked")}>
              <Ban aria-hidden className="size-3.5" /> {t`Block`}
            </Button>
          )}
          <RemoveButton
            name={name}
            removal={removal}
            question={t`Remove ${name} for good?`}
            keep={t`Keep them`}
            isSmall
          >
            {t`All their jobs, pictures and uploads go, their sign-in and their API keys. This cannot be undone.`}
          </RemoveButton>
        </div>
      )}
    </li>
  );
}
