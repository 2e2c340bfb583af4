"use client";

import { type FormEvent, useState } from "react";
import { t } from "../../language/say.ts";
import { useRename } from "../../trpc/hooks/account/use-session.ts";
import { announce } from "../../ui/announcer.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { Problem } from "../../ui/problem.tsx";

interface NameFormProps {
  /** The name now; null for somebody without one. */
  readonly name: string | null;
  /** What stands in the field of somebody without a name. */
  readonly placeholder?: string;
  readonly size?: "small" | "medium";
  readonly className?: string;
  readonly onSaved?: () => void;
}

/** The name that others see beside what the visitor made. Give it the name as `key`: it begins anew with another. */
export function NameForm({ name, placeholder, size = "medium", className, onSaved }: NameFormProps) {
  const rename = useRename();
  const [written, setWritten] = useState(name ?? "");
  const wanted = written.trim();
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (wanted === "") return;
    const onSuccess = (): void => {
      announce(t`Your name is saved.`);
      onSaved?.();
    };
    rename.mutate({ displayName: wanted }, { onSuccess });
  };
  return (
    <form onSubmit={save} className={cx("flex flex-wrap items-end gap-3", className)}>
      <label className="block min-w-52 flex-1 space-y-1.5 text-sm font-medium">
        <span>{t`Your name here`}</span>
        <input
          className="field"
          value={written}
          maxLength={60}
          autoComplete="nickname"
          placeholder={placeholder}
          onChange={(event) => setWritten(event.target.value)}
        />
      </label>
      <Button type="submit" size={size} disabled={rename.isPending || wanted === "" || wanted === name}>
        {t`Save the name`}
      </Button>
      <Problem className="w-full">{rename.error?.message}</Problem>
    </form>
  );
}
