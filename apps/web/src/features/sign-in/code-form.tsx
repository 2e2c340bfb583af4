"use client";

import { LogIn } from "lucide-react";
import { t } from "../../language/say.ts";
import { enterCode } from "./accounts.ts";
import { Field, SessionForm } from "./session-form.tsx";

/** Asks for the code of a second factor, when the password was right. */
export function CodeForm({ onDone }: { onDone: () => void }) {
  return (
    <SessionForm
      action={t`Sign in`}
      icon={LogIn}
      send={(given) => enterCode(given("code").replaceAll(" ", ""))}
      onDone={onDone}
    >
      <Field label={t`Code`} name="code" autoComplete="one-time-code" maxLength={20} autoFocus />
    </SessionForm>
  );
}
