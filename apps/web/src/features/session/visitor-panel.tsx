"use client";

import { Keyboard, LogIn } from "lucide-react";
import { useState } from "react";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { type Session, useSystem } from "../../trpc/hooks/account/use-session.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { later } from "../../ui/later.tsx";
import { Link } from "../../ui/link.tsx";
import { roleWord } from "../sign-in/role-word.ts";
import { SignOutButton } from "../sign-in/sign-out-button.tsx";
import { LanguageChoice } from "./language-choice.tsx";
import { NameForm } from "./name-form.tsx";

const KeyList = later(() => import("../keys/key-list.tsx").then((module) => module.KeyList));

interface VisitorPanelProps {
  readonly session: Session | undefined;
  /** What the visitor is called now. */
  readonly shown: string;
  readonly close: () => void;
}

/** Says who the visitor is, lets them change their name, and leads to signing in and out. */
export function VisitorPanel({ session, shown, close }: VisitorPanelProps) {
  const system = useSystem();
  const [hasKeys, setHasKeys] = useState(false);
  return (
    <div className="panel absolute right-0 z-40 mt-2 w-72 max-w-[calc(100vw-2rem)] space-y-3 p-4 shadow-print">
      {session !== undefined && <p className="text-sm text-muted">{whoIs(session)}</p>}
      <NameForm
        key={session?.displayName}
        name={session?.displayName ?? null}
        placeholder={shown}
        size="small"
        onSaved={close}
      />
      <p className="border-t pt-3 text-sm">
        <Link href={paths.account} onClick={close} className="text-safelight underline">
          {t`Your account and uploads`}
        </Link>
      </p>
      {session?.kind === "guest" && system?.entrances.accounts === true && (
        <Link href={paths.signIn} onClick={close} className={buttonClasses({ size: "small" })}>
          <LogIn aria-hidden className="size-4" />{" "}
          {system.entrances.signUp ? t`Sign in or create an account` : t`Sign in`}
        </Link>
      )}
      {session !== undefined && session.kind !== "guest" && <SignOutButton />}
      <LanguageChoice />
      <Button look="quiet" size="small" className="-ml-2.5 pointer-coarse:hidden" onClick={() => setHasKeys(true)}>
        <Keyboard aria-hidden className="size-4" /> {t`Keys`}
      </Button>
      {hasKeys && <KeyList onClose={() => setHasKeys(false)} />}
    </div>
  );
}

function whoIs({ kind, role }: Session): string {
  if (kind !== "guest") return t`You are signed in as ${roleWord(role)}.`;
  if (role === "guest") return t`You are a guest: your pictures stay with this browser and nobody else sees them.`;
  return t`You are ${roleWord(role)} here, in this browser. Sign in to be it in others too.`;
}
