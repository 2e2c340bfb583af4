import { Minus, Plus } from "lucide-react";
import { t } from "../../../language/say.ts";
import { MAX_PICTURES } from "../sweep-plan.ts";

interface CountControlProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

const side = "grid w-8 shrink-0 place-items-center text-muted hover:text-ink disabled:opacity-40";

/** How many pictures are made of one form, each with a seed of its own. */
export function CountControl({ value, onChange }: CountControlProps) {
  const to = (next: number): void => onChange(Math.min(MAX_PICTURES, Math.max(1, Math.round(next) || 1)));
  return (
    <div className="space-y-1.5">
      <label htmlFor="form-count" className="flex min-h-6 items-center text-sm font-medium">
        {t`How many`}
      </label>
      <div className="field flex items-stretch p-0! focus-within:outline-2 focus-within:outline-safelight">
        <button
          type="button"
          aria-label={t`One picture less`}
          className={side}
          disabled={value <= 1}
          onClick={() => to(value - 1)}
        >
          <Minus aria-hidden className="size-3.5" />
        </button>
        <input
          id="form-count"
          type="number"
          inputMode="numeric"
          min={1}
          max={MAX_PICTURES}
          step={1}
          value={value}
          onChange={(event) => to(event.target.valueAsNumber)}
          className="min-w-0 flex-1 [appearance:textfield] bg-transparent text-center tabular-nums outline-none [&::-webkit-inner-spin-button]:appearance-none"
        />
        <button
          type="button"
          aria-label={t`One picture more`}
          className={side}
          disabled={value >= MAX_PICTURES}
          onClick={() => to(value + 1)}
        >
          <Plus aria-hidden className="size-3.5" />
        </button>
      </div>
    </div>
  );
}
