"use client";

import { isTerminal, type JobView, type Output } from "@darkroom/contracts";
import { t } from "../../../language/say.ts";
import { useRemoveOutput } from "../../../trpc/hooks/jobs/use-remove.ts";
import { RemoveButton } from "../../remove-button.tsx";
import { outputSummary } from "./output-kind.ts";

/** Removes one file of an ended job after a question, and leaves the job and its other files. */
export function RemoveOutput({ job, output }: { job: JobView; output: Output }) {
  const removal = useRemoveOutput(output);
  if (!isTerminal(job.state)) return null;
  return (
    <RemoveButton name={outputSummary(output)} removal={removal} question={t`Remove this file for good?`} isSmall>
      {t`It goes with the link at which it is shared; the job and its other files stay. This cannot be undone.`}
    </RemoveButton>
  );
}
