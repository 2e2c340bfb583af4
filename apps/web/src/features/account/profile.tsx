"use client";

import { type FormEvent, useState } from "react";
import { type Session, useRename } from "../../trpc/hooks/use-session.ts";
import { announce } from "../../ui/announcer.tsx";
import { Button } from "../../ui/button.tsx";

/** The name that others see beside what the visitor made. */
export function Profile({ session: { displayName } }: { session: Session }) {
  const rename = useRename();
  const [name, setName] = useState(displayName ?? "");
  const save = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate({ displayName: name.trim() }, { onSuccess: () => announce("Your name is saved.") });
  };
  const isSaved = name.trim() === (displayName ?? "");
  return (
    <form onSubmit={save} className="flex max-w-xl flex-wrap items-end gap-3">
      <label className="block min-w-52 flex-1 space-y-1.5 text-sm font-medium">
        <span>Your name here</span>
        <input
          className="field"
          value={name}
          maxLength={60}
          autoComplete="nickname"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={rename.isPending || isSaved || name.trim() === ""}>
        Save the name
      </Button>
      {rename.error !== null && (
        <p role="alert" className="w-full text-sm text-bad">
          {rename.error.message}
        </p>
      )}
    </form>
  );
}
