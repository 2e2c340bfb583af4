"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { shorten } from "../../format.ts";
import { t, tPlural } from "../../language/say.ts";
import { useRemoveJob } from "../../trpc/hooks/jobs/use-remove.ts";
import { RemoveButton } from "../remove-button.tsx";
import { jobTitle } from "./job-title.ts";

interface RemoveJobProps {
  readonly job: JobView;
  /** Shows the icon without its label, for lists. */
  readonly isSmall?: boolean;
}

/** Removes an ended job after a question; nothing for one that has not ended, which is canceled first. */
export function RemoveJob({ job, isSmall }: RemoveJobProps) {
  const removal = useRemoveJob(job.jobId);
  if (!isTerminal(job.state)) return null;
  return (
    <RemoveButton name={shorten(jobTitle(job), 60)} removal={removal} isSmall={isSmall}>
      {job.outputs.length === 0
        ? t`It goes with its inputs. This cannot be undone.`
        : tPlural(
            job.outputs.length,
            "It goes with {0} file, its inputs, and every link at which it is shared. This cannot be undone.",
            "It goes with {0} files, its inputs, and every link at which it is shared. This cannot be undone.",
          )}
    </RemoveButton>
  );
}
