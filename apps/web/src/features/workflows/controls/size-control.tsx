import type { Parameter } from "@darkroom/contracts";
import { t } from "../../../language/say.ts";
import { cx } from "../../../ui/class-names.ts";
import { NumberControl } from "./number-control.tsx";
import { sizePresets } from "./size-presets.ts";

type Side = Extract<Parameter, { kind: "integer" }>;

interface SizeControlProps {
  readonly idPrefix: string;
  readonly width: Side;
  readonly height: Side;
  readonly values: { readonly width: number | undefined; readonly height: number | undefined };
  readonly problems: { readonly width?: string; readonly height?: string };
  readonly onChange: (size: { width?: number | undefined; height?: number | undefined }) => void;
}

/** Width and height together, with the usual shapes one click away. */
export function SizeControl({ idPrefix, width, height, values, problems, onChange }: SizeControlProps) {
  const presets = sizePresets(width, height);
  const problem = problems.width ?? problems.height;
  const side = (parameter: Side, key: "width" | "height") => (
    <div className="space-y-1">
      <label htmlFor={`${idPrefix}-${key}`} className="text-xs text-muted">
        {parameter.label}
      </label>
      <NumberControl
        id={`${idPrefix}-${key}`}
        label={parameter.label}
        value={values[key]}
        min={parameter.min}
        max={parameter.max}
        step={parameter.step ?? 1}
        hasSlider={false}
        isInvalid={problems[key] !== undefined}
        describedBy={problem === undefined ? undefined : `${idPrefix}-size-problem`}
        onChange={(value) => onChange({ [key]: value })}
      />
    </div>
  );
  return (
    <fieldset className="space-y-2.5">
      <legend className="mb-1.5 text-sm font-medium">{t`Size`}</legend>
      <div className="grid grid-cols-4 gap-2">
        {presets.map((preset) => {
          const isChosen = preset.width === values.width && preset.height === values.height;
          const scale = 16 / Math.max(preset.width, preset.height);
          return (
            <button
              key={preset.name}
              type="button"
              aria-pressed={isChosen}
              title={`${preset.width} × ${preset.height}`}
              onClick={() => onChange({ width: preset.width, height: preset.height })}
              className={cx(
                "flex min-h-14 flex-col items-center justify-center gap-1.5 rounded-[0.625rem] border text-xs transition-colors",
                isChosen ? "border-safelight bg-safelight/10 text-ink" : "text-muted hover:border-edge hover:text-ink",
              )}
            >
              <span aria-hidden className="grid size-4 place-items-center">
                <span
                  className="block rounded-[2px] border-[1.5px] border-current"
                  style={{ width: preset.width * scale, height: preset.height * scale }}
                />
              </span>
              {preset.name}
            </button>
          );
        })}
      </div>
      <div className="grid grid-cols-2 gap-2">
        {side(width, "width")}
        {side(height, "height")}
      </div>
      {problem !== undefined && (
        <p id={`${idPrefix}-size-problem`} className="text-sm text-bad">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
