"use client";

import { LogIn, UserRoundPlus } from "lucide-react";
import { t } from "../../language/say.ts";
import { enter } from "./accounts.ts";
import { Field, SessionForm } from "./session-form.tsx";

interface SignInFormProps {
  /** Whether it makes a new account. */
  readonly makesAccount: boolean;
  /** To the form for who forgot their password; null where no mail is sent. */
  readonly onForgotten: (() => void) | null;
  /** To the other of the two; null where no accounts may be made. */
  readonly onSwitch: (() => void) | null;
  /** Called once the browser has its session; `needsCode`: once the code of a second factor is all that is missing. */
  readonly onDone: (needsCode: boolean) => void;
}

/** E-mail address and password of an account; of a new one its name too. */
export function SignInForm({ makesAccount, onForgotten, onSwitch, onDone }: SignInFormProps) {
  const send = async (given: (name: string) => string): Promise<string | null> => {
    const entered = await enter({
      email: given("email").trim(),
      password: given("password"),
      name: makesAccount ? given("name").trim() : null,
    });
    if (typeof entered === "object") return entered.problem;
    onDone(entered === "code");
    return null;
  };
  const footer = (
    <>
      {onForgotten !== null && !makesAccount && (
        <p className="text-center text-sm">
          <button type="button" className="min-h-6 text-safelight underline" onClick={onForgotten}>
            {t`Forgot your password?`}
          </button>
        </p>
      )}
      {onSwitch !== null && (
        <p className="border-t pt-4 text-center text-sm text-muted">
          {makesAccount ? t`You have an account?` : t`No account yet?`}{" "}
          <button type="button" className="min-h-6 text-safelight underline" onClick={onSwitch}>
            {makesAccount ? t`Sign in` : t`Create an account`}
          </button>
        </p>
      )}
    </>
  );
  return (
    <SessionForm
      action={makesAccount ? t`Create the account` : t`Sign in`}
      icon={makesAccount ? UserRoundPlus : LogIn}
      send={send}
      footer={footer}
    >
      {makesAccount && <Field label={t`Your name here`} name="name" autoComplete="nickname" maxLength={60} />}
      <Field label={t`E-mail address`} name="email" type="email" autoComplete="username" />
      <Field
        label={t`Password`}
        name="password"
        type="password"
        autoComplete={makesAccount ? "new-password" : "current-password"}
        minLength={makesAccount ? 8 : 1}
        maxLength={128}
        hint={makesAccount ? t`Eight characters or more.` : null}
      />
    </SessionForm>
  );
}
