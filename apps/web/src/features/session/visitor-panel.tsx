"use client";

import { LogIn } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { paths } from "../../paths.ts";
import { type Session, useRename, useSystem } from "../../trpc/hooks/use-session.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

interface VisitorPanelProps {
  readonly session: Session | undefined;
  /** What the visitor is called now. */
  readonly shown: string;
  readonly close: () => void;
}

/** Says who the visitor is, lets them change their name, and leads to signing in and out. */
export function VisitorPanel({ session, shown, close }: VisitorPanelProps) {
  const system = useSystem();
  const rename = useRename();
  const [name, setName] = useState("");
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === "") return;
    await rename.mutateAsync({ displayName: name.trim() }).then(
      () => {
        setName("");
        close();
      },
      () => {
        // Shown below from the mutation's own error.
      },
    );
  };
  return (
    <form
      onSubmit={save}
      className="panel absolute right-0 z-40 mt-2 w-72 max-w-[calc(100vw-2rem)] space-y-3 p-4 shadow-print"
    >
      {session !== undefined && <p className="text-sm text-muted">{whoIs(session)}</p>}
      <label className="block space-y-1.5 text-sm font-medium">
        <span>Your name here</span>
        <input
          className="field"
          value={name}
          maxLength={60}
          autoComplete="nickname"
          placeholder={shown}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {rename.error !== null && (
        <p role="alert" className="text-sm text-bad">
          {rename.error.message}
        </p>
      )}
      <Button type="submit" size="small" disabled={rename.isPending || name.trim() === ""}>
        Save the name
      </Button>
      <p className="border-t pt-3 text-sm">
        <Link href={paths.account} onClick={close} className="text-safelight underline">
          Your account and uploads
        </Link>
      </p>
      {session?.kind === "guest" && system?.entrances.accounts === true && (
        <Link href={paths.signIn} onClick={close} className={buttonClasses({ size: "small" })}>
          <LogIn aria-hidden className="size-4" />{" "}
          {system.entrances.signUp ? "Sign in or create an account" : "Sign in"}
        </Link>
      )}
      {session !== undefined && session.kind !== "guest" && <SignOutButton />}
    </form>
  );
}

function whoIs({ kind, role }: Session): string {
  if (kind !== "guest") return `You are signed in as ${role}.`;
  if (role === "guest") return "You are a guest: your pictures stay with this browser and nobody else sees them.";
  return `You are ${role} here, in this browser. Sign in to be it in others too.`;
}
