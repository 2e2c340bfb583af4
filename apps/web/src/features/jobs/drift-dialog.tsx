"use client";

import { t, tServer } from "../../language/say.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

export interface Difference {
  readonly kind: string;
  readonly message: string;
}

interface DriftDialogProps {
  /** What is not as it was. */
  readonly differences: readonly Difference[];
  readonly onRun: () => void;
  /** Also after `onRun`. */
  readonly onClose: () => void;
}

/** Says what has changed since a job was made, and asks whether to run it again all the same. */
export function DriftDialog({ differences, onRun, onClose }: DriftDialogProps) {
  const isGone = differences.some(({ kind }) => kind === "node-gone" || kind === "model-gone");
  return (
    <ConfirmDialog
      title={t`Not everything is as it was`}
      keep={t`Leave it`}
      action={t`Run anyway`}
      look="primary"
      onConfirm={onRun}
      onClose={onClose}
    >
      <ul className="list-disc space-y-1.5 pl-5">
        {differences.map(({ message }) => (
          <li key={message} className="break-words">
            {tServer(message)}
          </li>
        ))}
      </ul>
      <p className="mt-4 text-ink">
        {isGone ? t`As it was, it cannot run on what is connected now.` : t`The picture may come out differently.`}
      </p>
    </ConfirmDialog>
  );
}
