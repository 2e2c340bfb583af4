"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { resetPassword } from "./accounts.ts";
import { Field, SessionForm } from "./session-form.tsx";
import { SignInPage } from "./sign-in-page.tsx";

const tokenOfAddress = (): string => new URLSearchParams(window.location.search).get("token") ?? "";

/** What the link in a mail leads to: a new password, with which one then signs in. */
export function NewPassword() {
  const [isDone, setIsDone] = useState(false);
  if (isDone) {
    return (
      <SignInPage title={t`Your password is changed`} text={t`Wherever you were signed in, you are not any more.`}>
        <Link href={paths.signIn} className={buttonClasses({ look: "primary" })}>
          {t`Sign in`}
        </Link>
      </SignInPage>
    );
  }
  return (
    <SignInPage title={t`A new password`}>
      <SessionForm
        action={t`Take it`}
        icon={KeyRound}
        send={(given) => resetPassword({ token: tokenOfAddress(), newPassword: given("password") })}
        onDone={() => setIsDone(true)}
      >
        <Field
          label={t`New password`}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={8}
          maxLength={128}
          hint={t`Eight characters or more.`}
        />
      </SessionForm>
    </SignInPage>
  );
}
