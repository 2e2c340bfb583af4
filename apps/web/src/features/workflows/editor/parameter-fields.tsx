import { mediaOfKind, type Parameter } from "@darkroom/contracts";
import { useId } from "react";
import { t, tServer } from "../../../language/say.ts";
import { cx } from "../../../ui/class-names.ts";
import { Tick } from "../../../ui/tick.tsx";

interface ParameterFieldsProps {
  readonly parameter: Parameter;
  readonly onChange: (parameter: Parameter) => void;
}

/** How a chosen input appears in the form and what it lets through. */
export function ParameterFields({ parameter, onChange }: ParameterFieldsProps) {
  const set = (change: Partial<Record<string, unknown>>): void => onChange({ ...parameter, ...change } as Parameter);
  const isImage = mediaOfKind(parameter.kind) !== null;
  const isNumber = parameter.kind === "integer" || parameter.kind === "number" || parameter.kind === "seed";
  return (
    <fieldset
      className="grid min-w-0 grid-cols-2 gap-3 sm:grid-cols-4"
      aria-label={t`How ${tServer(parameter.label)} is asked for`}
    >
      <Field label={t`Label`} className="col-span-2" value={parameter.label} onChange={(label) => set({ label })} />
      <Field
        label={t`Name in the API`}
        className="col-span-2 font-mono"
        value={parameter.name}
        onChange={(name) => set({ name })}
      />
      {isNumber && (
        <>
          <NumberField label={t`Minimum`} value={parameter.min} onChange={(min) => set({ min: min ?? 0 })} />
          <NumberField label={t`Maximum`} value={parameter.max} onChange={(max) => set({ max: max ?? 0 })} />
        </>
      )}
      {(parameter.kind === "integer" || parameter.kind === "number") && (
        <>
          <NumberField label={t`Step`} value={parameter.step} onChange={(step) => set({ step })} />
          <NumberField label={t`Default`} value={parameter.default} onChange={(value) => set({ default: value })} />
        </>
      )}
      {parameter.kind === "text" && (
        <Field
          label={t`Default`}
          className="col-span-2 sm:col-span-4"
          value={parameter.default ?? ""}
          onChange={(value) => set({ default: value === "" && parameter.required ? undefined : value })}
        />
      )}
      {(parameter.kind === "choice" || parameter.kind === "model") && (
        <Field
          label={t`Default`}
          className="col-span-2 sm:col-span-4"
          value={String(parameter.default ?? "")}
          onChange={(value) => {
            const choices = parameter.kind === "choice" ? parameter.choices : [];
            set({ default: value === "" ? undefined : (choices.find((choice) => String(choice) === value) ?? value) });
          }}
        />
      )}
      <Field
        label={t`Help, below the field`}
        className="col-span-2 sm:col-span-4"
        value={parameter.help ?? ""}
        onChange={(help) => set({ help: help === "" ? undefined : help })}
      />
      <div className="col-span-2 flex flex-wrap gap-x-6 sm:col-span-4">
        {parameter.kind !== "seed" && (
          <Tick
            className="min-h-9 text-sm"
            label={t`Must be given`}
            isOn={parameter.required}
            onChange={(required) => set({ required })}
          />
        )}
        {parameter.kind === "text" && parameter.dynamicPrompts !== undefined && (
          <Tick
            className="min-h-9 text-sm"
            label={t`Draw one of {a|b} and cut // comments, as ComfyUI does`}
            isOn={parameter.dynamicPrompts}
            onChange={(dynamicPrompts) => set({ dynamicPrompts })}
          />
        )}
        {!isImage && (
          <Tick
            className="min-h-9 text-sm"
            label={t`Under “Advanced”`}
            isOn={parameter.advanced === true}
            onChange={(advanced) => set({ advanced: advanced ? true : undefined })}
          />
        )}
      </div>
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly className?: string;
  readonly onChange: (value: string) => void;
}

function Field({ label, value, className, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className={cx("space-y-1", className)}>
      <label htmlFor={id} className="font-sans text-xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="text"
        className="field text-sm"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

function NumberField({ label, value, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="text-xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="number"
        step="any"
        className="field text-sm tabular-nums"
        value={value ?? ""}
        onChange={(event) =>
          onChange(Number.isNaN(event.target.valueAsNumber) ? undefined : event.target.valueAsNumber)
        }
      />
    </div>
  );
}
