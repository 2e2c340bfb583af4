"use client";

import { Mail } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { forgotPassword } from "./accounts.ts";
import { Field } from "./sign-in-form.tsx";

/** Sends a link to choose a new password. What it answers is the same for an address without an account. */
export function ForgottenPassword({ onBack }: { onBack: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email") ?? "").trim();
    setIsBusy(true);
    const refused = await forgotPassword(email);
    setIsBusy(false);
    setProblem(refused);
    if (refused === null) setSentTo(email);
  };
  return (
    <form onSubmit={submit} className="panel space-y-5 p-6">
      {sentTo === null ? (
        <>
          <Field label="E-mail address" name="email" type="email" autoComplete="username" />
          {problem !== null && (
            <p role="alert" className="text-sm text-bad">
              {problem}
            </p>
          )}
          <Button type="submit" look="primary" size="large" className="w-full" disabled={isBusy}>
            <Mail aria-hidden className="size-4.5" /> Send me a link
          </Button>
        </>
      ) : (
        <p role="status">
          If <strong className="break-all">{sentTo}</strong> has an account here, a link to choose a new password is on
          its way. It can be used for an hour.
        </p>
      )}
      <p className="border-t pt-4 text-center text-sm text-muted">
        <button type="button" className="min-h-6 text-safelight underline" onClick={onBack}>
          Back to signing in
        </button>
      </p>
    </form>
  );
}
