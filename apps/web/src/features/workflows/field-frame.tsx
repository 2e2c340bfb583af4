import type { ReactNode } from "react";

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

/** A label, a control, its help, and what is wrong with it. */
export function FieldFrame({ id, label, help, problem, aside, children }: FieldFrameProps) {
  return (
    <div className="space-y-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {aside !== undefined && <div className="text-xs text-faint tabular-nums">{aside}</div>}
      </div>
      {children}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="text-sm text-bad">
          {problem}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} className="text-xs leading-relaxed text-faint">
          {help}
        </p>
      )}
    </div>
  );
}
