"use client";

import { CircleHelp } from "lucide-react";
import { type ReactNode, useState } from "react";
import { inSentence, t } from "../../../language/say.ts";

interface FieldFrameProps {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly problem?: string;
  /** Beside the label, e.g. a count of characters. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** The ids that a control refers to for its help and its problem. */
export function describedBy(id: string, { help, problem }: { help?: string; problem?: string }): string | undefined {
  const ids = [help !== undefined && `${id}-help`, problem !== undefined && `${id}-problem`].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(" ");
}

/** A label, a control, its help on demand, and what is wrong with it. */
export function FieldFrame({ id, label, help, problem, aside, children }: FieldFrameProps) {
  const [hasHelp, setHasHelp] = useState(false);
  return (
    <div className="min-w-0 space-y-1.5">
      <div className="flex min-h-6 items-center gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {help !== undefined && (
          <button
            type="button"
            aria-label={t`What is ${inSentence(label)}?`}
            aria-expanded={hasHelp}
            aria-controls={`${id}-help`}
            title={help}
            onClick={() => setHasHelp(!hasHelp)}
            className="grid size-6 shrink-0 place-items-center rounded-full text-faint hover:text-ink"
          >
            <CircleHelp aria-hidden className="size-3.5" />
          </button>
        )}
        <span className="flex-1" />
        {aside !== undefined && <div className="text-xs text-faint tabular-nums">{aside}</div>}
      </div>
      {children}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="text-sm text-bad">
          {problem}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} hidden={!hasHelp} className="text-xs leading-relaxed text-faint">
          {help}
        </p>
      )}
    </div>
  );
}
