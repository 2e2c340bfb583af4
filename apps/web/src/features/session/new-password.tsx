"use client";

import { KeyRound } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { paths } from "../../paths.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { resetPassword } from "./accounts.ts";
import { Field } from "./sign-in-form.tsx";
import { SignInPage } from "./sign-in-page.tsx";

/** What the link in a mail leads to: a new password, with which one then signs in. */
export function NewPassword() {
  const [problem, setProblem] = useState<string | null>(null);
  const [isDone, setIsDone] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const newPassword = String(new FormData(event.currentTarget).get("password") ?? "");
    const token = new URLSearchParams(window.location.search).get("token") ?? "";
    setIsBusy(true);
    const refused = await resetPassword({ token, newPassword });
    setIsBusy(false);
    setProblem(refused);
    setIsDone(refused === null);
  };
  if (isDone) {
    return (
      <SignInPage title="Your password is changed" text="Wherever you were signed in, you are not any more.">
        <Link href={paths.signIn} className={buttonClasses({ look: "primary" })}>
          Sign in
        </Link>
      </SignInPage>
    );
  }
  return (
    <SignInPage title="A new password">
      <form onSubmit={submit} className="panel space-y-5 p-6">
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={8}
          maxLength={128}
          hint="Eight characters or more."
        />
        {problem !== null && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
        <Button type="submit" look="primary" size="large" className="w-full" disabled={isBusy}>
          <KeyRound aria-hidden className="size-4.5" /> Take it
        </Button>
      </form>
    </SignInPage>
  );
}
