"use client";

import { LogIn, UserRoundPlus } from "lucide-react";
import { type FormEvent, type InputHTMLAttributes, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { enter } from "./accounts.ts";

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
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string): string => String(given.get(name) ?? "");
    setIsBusy(true);
    const entered = await enter({
      email: text("email").trim(),
      password: text("password"),
      name: makesAccount ? text("name").trim() : null,
    });
    if (typeof entered === "string") return onDone(entered === "code");
    setProblem(entered.problem);
    setIsBusy(false);
  };

  return (
    <form onSubmit={submit} className="panel space-y-5 p-6">
      {makesAccount && <Field label="Your name here" name="name" autoComplete="nickname" maxLength={60} />}
      <Field label="E-mail address" name="email" type="email" autoComplete="username" />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete={makesAccount ? "new-password" : "current-password"}
        minLength={makesAccount ? 8 : 1}
        maxLength={128}
        hint={makesAccount ? "Eight characters or more." : null}
      />
      {problem !== null && (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
      <Button type="submit" look="primary" size="large" className="w-full" disabled={isBusy}>
        {makesAccount ? <UserRoundPlus aria-hidden className="size-4.5" /> : <LogIn aria-hidden className="size-4.5" />}
        {makesAccount ? "Create the account" : "Sign in"}
      </Button>
      {onForgotten !== null && !makesAccount && (
        <p className="text-center text-sm">
          <button type="button" className="min-h-6 text-safelight underline" onClick={onForgotten}>
            Forgot your password?
          </button>
        </p>
      )}
      {onSwitch !== null && (
        <p className="border-t pt-4 text-center text-sm text-muted">
          {makesAccount ? "You have an account?" : "No account yet?"}{" "}
          <button
            type="button"
            className="min-h-6 text-safelight underline"
            onClick={() => {
              setProblem(null);
              onSwitch();
            }}
          >
            {makesAccount ? "Sign in" : "Create an account"}
          </button>
        </p>
      )}
    </form>
  );
}

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string | null;
}

/** An input of these forms, with its label above and a hint below. */
export function Field({ label, hint = null, ...input }: FieldProps) {
  return (
    <label className="block space-y-1.5">
      <span className="text-sm font-medium">{label}</span>
      <input className="field" required {...input} />
      {hint !== null && <span className="block text-sm text-muted">{hint}</span>}
    </label>
  );
}
