"use client";

import type { ReactNode } from "react";
import { useModal } from "../hooks/use-modal.ts";
import { t } from "../language/say.ts";
import { Button } from "./button.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The label of the button that changes nothing. */
  readonly keep?: string;
  /** The label of the button that does it. */
  readonly action: string;
  /** How that button looks; `danger` for what cannot be undone. */
  readonly look?: "danger" | "primary";
  readonly onConfirm: () => void;
  /** After either answer, also when the dialog is left with Escape. */
  readonly onClose: () => void;
}

/** Asks before something is done. The focus begins on the answer that changes nothing. */
export function ConfirmDialog({
  title,
  children,
  keep = t`Keep it`,
  action,
  look = "danger",
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  const { dialog, close } = useModal();
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={onClose}
      className="panel m-auto! w-[min(28rem,calc(100vw-2rem))] space-y-4 p-6 text-ink shadow-print backdrop:bg-black/60 open:animate-rise"
    >
      <h2 className="font-display text-xl">{title}</h2>
      <div className="text-sm text-muted">{children}</div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={close}>{keep}</Button>
        <Button
          look={look}
          onClick={() => {
            close();
            onConfirm();
          }}
        >
          {action}
        </Button>
      </div>
    </dialog>
  );
}
