"use client";

import { LogIn, UserRound } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { paths } from "../../paths.ts";
import { type Session, useRename, useSession, useSystem } from "../../trpc/hooks/use-session.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

/** Says who the visitor is, lets them change their name, and leads to signing in and out. */
export function VisitorMenu() {
  const { session } = useSession();
  const system = useSystem();
  const rename = useRename();
  const [name, setName] = useState("");
  const details = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const close = (event: Event): void => {
      const { current } = details;
      if (current === null || !current.open) return;
      const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
      const isOutside = event.type === "pointerdown" && event.target instanceof Node && !current.contains(event.target);
      if (isEscape || isOutside) current.open = false;
      if (isEscape) current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);

  const close = (): void => {
    if (details.current !== null) details.current.open = false;
  };
  const shown = session === undefined ? "Guest" : (session.displayName ?? nameOf(session));
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
    <details ref={details} className="relative">
      <summary className="flex min-h-9 items-center gap-2 rounded-lg px-2 text-sm text-muted hover:bg-raised hover:text-ink">
        <UserRound aria-hidden className="size-4.5" />
        <span className="max-w-28 truncate max-sm:sr-only">{shown}</span>
      </summary>
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
    </details>
  );
}

/** Of somebody without a name. */
const nameOf = ({ role }: Session): string => `${role.charAt(0).toUpperCase()}${role.slice(1)}`;

function whoIs({ kind, role }: Session): string {
  if (kind !== "guest") return `You are signed in as ${role}.`;
  if (role === "guest") return "You are a guest: your pictures stay with this browser and nobody else sees them.";
  return `You are ${role} here, in this browser. Sign in to be it in others too.`;
}
