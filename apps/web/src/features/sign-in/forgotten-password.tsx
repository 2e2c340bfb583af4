"use client";

import { Mail } from "lucide-react";
import { useState } from "react";
import { t, tNodes } from "../../language/say.ts";
import { forgotPassword } from "./accounts.ts";
import { Field, SessionForm } from "./session-form.tsx";

/** Sends a link to choose a new password. What it answers is the same for an address without an account. */
export function ForgottenPassword({ onBack }: { onBack: () => void }) {
  const [email, setEmail] = useState("");
  const [isSent, setIsSent] = useState(false);
  const back = (
    <p className="border-t pt-4 text-center text-sm text-muted">
      <button type="button" className="min-h-6 text-safelight underline" onClick={onBack}>
        {t`Back to signing in`}
      </button>
    </p>
  );
  if (isSent) {
    return (
      <div className="panel space-y-5 p-6">
        <p role="status">
          {tNodes`If ${<strong className="break-all">{email}</strong>} has an account here, a link to choose a new password is on its way. It can be used for an hour.`}
        </p>
        {back}
      </div>
    );
  }
  return (
    <SessionForm
      action={t`Send me a link`}
      icon={Mail}
      send={() => forgotPassword(email.trim())}
      onDone={() => setIsSent(true)}
      footer={back}
    >
      <Field
        label={t`E-mail address`}
        name="email"
        type="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
    </SessionForm>
  );
}
