"use client";

import type { LucideIcon } from "lucide-react";
import { type FormEvent, type InputHTMLAttributes, type ReactNode, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";

interface SessionFormProps {
  /** The fields, each with a `name`. */
  readonly children: ReactNode;
  readonly action: string;
  readonly icon: LucideIcon;
  /** Sends what was written, each field by its name; answers null if it was done, else why not. */
  readonly send: (given: (name: string) => string) => Promise<string | null>;
  /** Called once it is done. */
  readonly onDone?: () => void;
  /** Below the button. */
  readonly footer?: ReactNode;
}

/** A form for signing in and what belongs to it: one button, and above it why it was refused. */
export function SessionForm({ children, action, icon: Icon, send, onDone, footer }: SessionFormProps) {
  const [refused, setRefused] = useState<{ readonly action: string; readonly problem: string } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setIsBusy(true);
    const problem = await send((name) => String(given.get(name) ?? ""));
    setRefused(problem === null ? null : { action, problem });
    // Once it is done the page goes elsewhere, and nobody should send it again meanwhile.
    if (problem === null) onDone?.();
    else setIsBusy(false);
  };
  return (
    <form onSubmit={submit} className="panel space-y-5 p-6">
      {children}
      <Problem>{refused?.action === action ? refused.problem : null}</Problem>
      <Button type="submit" look="primary" size="large" className="w-full" disabled={isBusy}>
        <Icon aria-hidden className="size-4.5" /> {action}
      </Button>
      {footer}
    </form>
  );
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
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
