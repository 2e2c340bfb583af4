"use client";

import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { t } from "../language/say.ts";
import type { Removal } from "../trpc/hooks/jobs/use-remove.ts";
import { announce } from "../ui/announcer.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Problem } from "../ui/problem.tsx";

interface RemoveButtonProps {
  /** What goes, for who does not see it. */
  readonly name: string;
  readonly removal: Removal;
  /** Shows the icon without its label, for lists. */
  readonly isSmall?: boolean;
  /** Of the button and of the answer that does it. */
  readonly label?: string;
  readonly question?: string;
  /** The answer that changes nothing. */
  readonly keep?: string;
  /** What goes with it, below the question. */
  readonly children: ReactNode;
}

/** Removes something for good, after a question. */
export function RemoveButton(props: RemoveButtonProps) {
  const {
    name,
    removal,
    isSmall = false,
    label = t`Remove`,
    question = t`Remove this for good?`,
    keep,
    children,
  } = props;
  const [isAsked, setIsAsked] = useState(false);
  const ask = (): void => setIsAsked(true);
  const confirm = async (): Promise<void> => {
    if (await removal.remove()) announce(t`Removed: ${name}`);
  };
  return (
    <>
      {isSmall ? (
        <IconButton label={t`Remove: ${name}`} disabled={removal.isBusy} onClick={ask} className="hover:text-bad">
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      ) : (
        <Button look="danger" disabled={removal.isBusy} onClick={ask}>
          <Trash2 aria-hidden className="size-4" /> {label}
        </Button>
      )}
      {isAsked && (
        <ConfirmDialog
          title={question}
          action={label}
          {...(keep !== undefined && { keep })}
          onConfirm={() => void confirm()}
          onClose={() => setIsAsked(false)}
        >
          {children}
        </ConfirmDialog>
      )}
      <Problem className="w-full">{removal.refusal?.message}</Problem>
    </>
  );
}
