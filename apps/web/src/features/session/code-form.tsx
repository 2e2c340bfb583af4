"use client";

import { LogIn } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { enterCode } from "./accounts.ts";
import { Field } from "./sign-in-form.tsx";

/** Asks for the code of a second factor, when the password was right. */
export function CodeForm({ onDone }: { onDone: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "").replaceAll(" ", "");
    setIsBusy(true);
    const refused = await enterCode(code);
    setProblem(refused);
    if (refused === null) onDone();
    else setIsBusy(false);
  };
  return (
    <form onSubmit={submit} className="panel space-y-5 p-6">
      <Field label="Code" name="code" autoComplete="one-time-code" maxLength={20} autoFocus />
      {problem !== null && (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
      <Button type="submit" look="primary" size="large" className="w-full" disabled={isBusy}>
        <LogIn aria-hidden className="size-4.5" /> Sign in
      </Button>
    </form>
  );
}
