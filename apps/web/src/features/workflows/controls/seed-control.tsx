import { Dices, X } from "lucide-react";
import { t } from "../../../language/say.ts";
import { IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { drawSeed } from "../draft.ts";

interface SeedControlProps {
  readonly id: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly describedBy?: string;
  readonly isInvalid: boolean;
  readonly onChange: (value: number | undefined) => void;
}

/** Empty means a new seed with each job; the dice draws one to keep. */
export function SeedControl({ id, value, min, max, describedBy, isInvalid, onChange }: SeedControlProps) {
  return (
    <div className="relative">
      <input
        id={id}
        type="number"
        inputMode="numeric"
        className={cx(
          "field tabular-nums placeholder:text-sm [&::-webkit-inner-spin-button]:appearance-none",
          value === undefined ? "pr-10" : "pr-20",
        )}
        placeholder={t`New each time`}
        min={min}
        max={max}
        step={1}
        value={value ?? ""}
        aria-invalid={isInvalid}
        aria-describedby={describedBy}
        onChange={(event) =>
          onChange(Number.isNaN(event.target.valueAsNumber) ? undefined : event.target.valueAsNumber)
        }
      />
      <div className="absolute inset-y-0 right-1 flex items-center">
        {value !== undefined && (
          <IconButton
            label={t`Clear the seed: a new one with each picture`}
            className="size-8"
            onClick={() => onChange(undefined)}
          >
            <X aria-hidden className="size-4" />
          </IconButton>
        )}
        <IconButton
          label={t`Roll the dice for a seed`}
          className="size-8"
          onClick={() => onChange(drawSeed({ min, max }))}
        >
          <Dices aria-hidden className="size-4.5" />
        </IconButton>
      </div>
    </div>
  );
}
