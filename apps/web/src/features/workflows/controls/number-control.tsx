import type { CSSProperties } from "react";
import { t } from "../../../language/say.ts";
import { cx } from "../../../ui/class-names.ts";

interface NumberControlProps {
  readonly id: string;
  readonly label: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly describedBy?: string;
  readonly isInvalid: boolean;
  readonly hasSlider: boolean;
  readonly onChange: (value: number | undefined) => void;
}

/** A number to type, and for settings that one feels one's way to, a slider beside it. */
export function NumberControl(props: NumberControlProps) {
  const { id, label, value, min, max, step, describedBy, isInvalid, hasSlider, onChange } = props;
  const filled = value === undefined ? 0 : Math.min(100, Math.max(0, ((value - min) / (max - min)) * 100));
  return (
    <div className="flex items-center gap-3">
      {hasSlider && (
        <input
          type="range"
          className="slider"
          style={{ "--filled": `${filled}%` } as CSSProperties}
          aria-label={t`${label}, slider`}
          min={min}
          max={max}
          step={step}
          value={value ?? min}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      )}
      <input
        id={id}
        type="number"
        inputMode={step < 1 ? "decimal" : "numeric"}
        className={cx("field tabular-nums", hasSlider && "w-20! shrink-0 text-center")}
        min={min}
        max={max}
        step={step}
        value={value ?? ""}
        aria-invalid={isInvalid}
        aria-describedby={describedBy}
        onChange={(event) =>
          onChange(Number.isNaN(event.target.valueAsNumber) ? undefined : event.target.valueAsNumber)
        }
      />
    </div>
  );
}
