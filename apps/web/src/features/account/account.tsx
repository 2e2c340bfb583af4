"use client";

import { accountExportUrl, hasRole } from "@darkroom/contracts";
import { Download } from "lucide-react";
import dynamic from "next/dynamic";
import { forgetEverything } from "../../hooks/browser-storage.ts";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { type Session, useSession } from "../../trpc/hooks/account/use-session.ts";
import { useRemoveAccount } from "../../trpc/hooks/jobs/use-remove.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { RemoveButton } from "../remove-button.tsx";
import { NameForm } from "../session/name-form.tsx";
import { roleWord } from "../sign-in/role-word.ts";
import { Uploads } from "./uploads.tsx";
import { Usage } from "./usage.tsx";

const place = () => <Skeleton className="h-48 rounded-2xl" />;
// By next/dynamic, whose scripts begin to load with the page.
// Guests have none of them, so what they do comes after the page; what they show arrives with it, in its place.
const SignIn = dynamic(() => import("./sign-in.tsx").then((module) => module.SignIn), { loading: place });
const ApiKeys = dynamic(() => import("./api-keys.tsx").then((module) => module.ApiKeys), { loading: place });
const Telling = dynamic(() => import("./telling.tsx").then((module) => module.Telling), { loading: place });
const Webhooks = dynamic(() => import("./webhooks.tsx").then((module) => module.Webhooks), { loading: place });

/** Who the visitor is, what they sent, and the way to remove all of it. */
export function Account() {
  const { session } = useSession();
  return (
    <div className="mx-auto max-w-5xl space-y-10">
      <header>
        <h1 className="font-display text-4xl">{t`Your account`}</h1>
        {session === undefined ? (
          <Skeleton className="mt-2 h-5 w-72" />
        ) : (
          <p className="text-muted">{whoIs(session)}</p>
        )}
      </header>
      {session !== undefined && <NameForm key={session.displayName} name={session.displayName} className="max-w-xl" />}
      <Usage />
      {session !== undefined && <Telling ownerId={session.ownerId} />}
      {session?.kind === "account" && <SignIn />}
      {session !== undefined && hasRole(session.role, "member") && <ApiKeys />}
      {session !== undefined && hasRole(session.role, "member") && <Webhooks />}
      <Uploads />
      <Export />
      {session !== undefined && <RemoveAccount session={session} />}
    </div>
  );
}

function whoIs({ kind, displayName, role }: Session): string {
  if (kind !== "guest") return t`You are signed in as ${displayName ?? roleWord(role)}.`;
  if (role !== "guest") return t`You are ${roleWord(role)} here, in this browser. Sign in to be it in others too.`;
  return displayName === null
    ? t`You are a guest here: what you make and send belongs to this browser, and nobody else sees it.`
    : t`You are a guest here, ${displayName}: what you make and send belongs to this browser, and nobody else sees it.`;
}

function Export() {
  return (
    <section aria-labelledby="export-heading" className="space-y-3">
      <h2 id="export-heading" className="font-display text-2xl">
        {t`Take it along`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {t`One ZIP file with all that is yours: every picture and upload, and your jobs with their inputs, a line each.`}
      </p>
      <a href={accountExportUrl} download className={buttonClasses()}>
        <Download aria-hidden className="size-4" /> {t`Download everything`}
      </a>
    </section>
  );
}

function RemoveAccount({ session: { kind } }: { session: Session }) {
  // A page that is loaded anew knows nothing of who was here.
  const removal = useRemoveAccount(undefined, () => {
    forgetEverything();
    window.location.assign(paths.studio);
  });
  const isGuest = kind === "guest";
  return (
    <section aria-labelledby="remove-heading" className="panel space-y-3 border-bad/30 p-5">
      <h2 id="remove-heading" className="font-display text-2xl">
        {t`Remove everything`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {isGuest
          ? t`All your jobs and pictures go, all you uploaded, every link at which you shared something, and your name.`
          : t`All your jobs and pictures go, all you uploaded, every link at which you shared something, and your sign-in, your API keys.`}{" "}
        {t`What stays is an entry without a name, so that nobody can take your place, and for an hour how many pictures were made, because of the limits.`}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <RemoveButton
          name={t`everything`}
          removal={removal}
          label={t`Remove everything`}
          question={t`Remove everything that is yours?`}
        >
          {isGuest
            ? t`Every job, picture, upload and shared link of yours goes now, and your name. Nobody can bring it back.`
            : t`Every job, picture, upload and shared link of yours goes now, and your sign-in, your API keys. Nobody can bring it back.`}
        </RemoveButton>
      </div>
    </section>
  );
}
