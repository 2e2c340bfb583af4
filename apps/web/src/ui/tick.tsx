import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

interface TickProps {
  readonly label: ReactNode;
  readonly isOn: boolean;
  readonly className?: string;
  readonly onChange: (isOn: boolean) => void;
}

/** A box that is ticked or not, with its label. */
export function Tick({ label, isOn, className, onChange }: TickProps) {
  return (
    <label className={cx("flex items-center gap-2", className)}>
      <input
        type="checkbox"
        className="size-4.5 accent-(--safelight-strong)"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}
