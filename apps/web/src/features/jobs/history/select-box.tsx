"use client";

import type { JobView } from "@darkroom/contracts";
import { Check } from "lucide-react";
import { shorten } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { cx } from "../../../ui/class-names.ts";

/** How jobs of the list are selected. The same object for every job, so that one that is selected draws one. */
export interface Selecting {
  /** While something is selected, a click anywhere on a job selects it. */
  readonly isOn: boolean;
  /** `extend`: all from the last one to this one. */
  readonly select: (jobId: string, extend: boolean) => void;
}

interface SelectBoxProps {
  readonly job: Pick<JobView, "jobId">;
  readonly title: string;
  readonly selecting: Selecting;
  readonly isSelected: boolean;
  readonly className?: string;
}

/** The box in a job's corner that selects it. */
export function SelectBox({ job, title, selecting: { isOn, select }, isSelected, className }: SelectBoxProps) {
  return (
    <label
      className={cx("absolute z-2 cursor-pointer", isOn ? "inset-0" : "reveal top-0 left-0 size-12", className)}
      onMouseDown={(event) => {
        // A click with Shift selects a range, and no text.
        if (event.shiftKey) event.preventDefault();
      }}
    >
      <input
        type="checkbox"
        className="peer absolute top-2.5 left-2.5 size-6 cursor-pointer opacity-0"
        aria-label={t`Select: ${shorten(title, 60)}`}
        checked={isSelected}
        onChange={(event) => select(job.jobId, (event.nativeEvent as MouseEvent).shiftKey)}
      />
      <span
        aria-hidden
        className={cx(
          "pointer-events-none absolute top-2.5 left-2.5 grid size-6 place-items-center rounded-md border-2 peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-safelight",
          isSelected
            ? "border-safelight-strong bg-safelight-strong text-on-safelight"
            : "border-[#f4ece5] bg-[rgb(8_6_5/0.45)] text-transparent",
        )}
      >
        <Check className="size-4" strokeWidth={3} />
      </span>
    </label>
  );
}
