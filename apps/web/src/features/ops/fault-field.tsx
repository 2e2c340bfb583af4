import { useId } from "react";
import { tServer } from "../../language/say.ts";

/** What a fault takes, as JSON Schema. */
export interface Field {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

/** What has no default and is asked for: enough to be seen, and not for long. */
const usual: Readonly<Record<string, number>> = {
  forMs: 10_000,
  ms: 3000,
  status: 500,
  afterFrames: 10,
  bytesPerSecond: 20_000,
  afterBytes: 1000,
};

interface FaultFieldProps {
  readonly name: string;
  readonly field: Field;
  readonly isRequired: boolean;
}

/** A field of a fault, under the name that the simulator has for it. */
export function FaultField({ name, field, isRequired }: FaultFieldProps) {
  const id = useId();
  const hint = `${id}-hint`;
  const given = { id, name, "aria-describedby": hint } as const;
  const defaultValue = String(field.default ?? (isRequired ? (usual[name] ?? "") : ""));
  const label = (
    <label htmlFor={id} className="font-mono text-xs">
      {name}
    </label>
  );
  const about = (
    <p id={hint} className="text-xs text-faint">
      {tServer(field.description ?? "")}
    </p>
  );
  if (field.type === "boolean")
    return (
      <div className="space-y-1">
        <div className="flex min-h-6 items-center gap-2">
          <input
            {...given}
            type="checkbox"
            className="size-4 accent-safelight-strong"
            defaultChecked={field.default === true}
          />
          {label}
        </div>
        {about}
      </div>
    );
  return (
    <div className="space-y-1">
      {label}
      {field.enum !== undefined ? (
        <select {...given} className="field">
          {field.enum.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : field.type === "integer" ? (
        <input
          {...given}
          type="number"
          inputMode="numeric"
          className="field tabular-nums"
          min={field.minimum}
          max={field.maximum}
          required={isRequired}
          defaultValue={defaultValue}
        />
      ) : (
        <input {...given} className="field" required={isRequired} defaultValue={defaultValue} />
      )}
      {about}
    </div>
  );
}
