"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { plural, shorten } from "../../format.ts";
import { useRemove } from "../../trpc/hooks/use-remove.ts";
import { announce } from "../../ui/announcer.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { jobTitle } from "./job-title.ts";

interface RemoveJobProps {
  readonly job: JobView;
  /** Shows the icon without its label, for lists. */
  readonly isSmall?: boolean;
}

/** Removes an ended job after a question; nothing for one that has not ended, which is canceled first. */
export function RemoveJob({ job, isSmall = false }: RemoveJobProps) {
  const { remove, isBusy, refusal } = useRemove(job.jobId);
  const [isAsked, setIsAsked] = useState(false);
  if (!isTerminal(job.state)) return null;
  const ask = (): void => setIsAsked(true);
  const name = shorten(jobTitle(job), 60);
  const confirm = async (): Promise<void> => {
    if (await remove()) announce(`Removed: ${name}`);
  };
  return (
    <>
      {isSmall ? (
        <IconButton label={`Remove: ${name}`} disabled={isBusy} onClick={ask} className="hover:text-bad">
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      ) : (
        <Button look="danger" disabled={isBusy} onClick={ask}>
          <Trash2 aria-hidden className="size-4" /> Remove
        </Button>
      )}
      {isAsked && (
        <ConfirmDialog
          title="Remove this for good?"
          action="Remove"
          onConfirm={() => void confirm()}
          onClose={() => setIsAsked(false)}
        >
          {job.outputs.length === 0
            ? "It goes with its inputs. This cannot be undone."
            : `It goes with ${plural(job.outputs.length, "file")}, its inputs, and every link at which it is shared. This cannot be undone.`}
        </ConfirmDialog>
      )}
      {refusal !== null && (
        <p role="alert" className="w-full text-sm text-bad">
          {refusal.message}
        </p>
      )}
    </>
  );
}
