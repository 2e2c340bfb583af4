import { cx } from "./class-names.ts";

interface ProgressBarProps {
  /** 0–100; null while it can't be told. */
  readonly percent: number | null;
  readonly label: string;
  /** What a screen reader says instead of the number. */
  readonly valueText: string;
  readonly className?: string;
}

export function ProgressBar({ percent, label, valueText, className }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === null ? undefined : Math.round(percent)}
      aria-valuetext={valueText}
      className={cx("h-1 overflow-hidden rounded-full bg-line", className)}
    >
      {percent === null ? (
        <div className="h-full w-2/5 animate-travel rounded-full bg-safelight-strong/70" />
      ) : (
        <div
          className="h-full rounded-full bg-safelight-strong shadow-[0_0_12px_var(--safelight-strong)] transition-[width] duration-300 ease-out"
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
