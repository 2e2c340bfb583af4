"use client";

import type { JobView } from "@darkroom/contracts";
import { memo } from "react";
import { useNewestView } from "../../../trpc/hooks/jobs/use-history.ts";
import { cx } from "../../../ui/class-names.ts";
import { jobTitle } from "../job-title.ts";
import { JobRow } from "./job-row.tsx";
import { SelectBox, type Selecting } from "./select-box.tsx";

interface SelectableRowProps {
  readonly job: JobView;
  readonly selecting: Selecting;
  readonly isSelected: boolean;
}

/** A job as a row of the list. */
export const SelectableRow = memo(function SelectableRow({ job: listed, selecting, isSelected }: SelectableRowProps) {
  const job = useNewestView(listed);
  return (
    <div
      className={cx(
        "group/tile panel relative mb-1.5 overflow-hidden rounded-xl",
        isSelected && "border-safelight! ring-1 ring-safelight",
      )}
    >
      <JobRow job={job} canRemove />
      <SelectBox job={job} title={jobTitle(job)} selecting={selecting} isSelected={isSelected} />
    </div>
  );
});
