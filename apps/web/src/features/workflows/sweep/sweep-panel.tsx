"use client";

import { Plus, X } from "lucide-react";
import { inSentence, t, tPlural } from "../../../language/say.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Tick } from "../../../ui/tick.tsx";
import { choiceName } from "../controls/matching-choices.ts";
import type { FormParameter, FormValues } from "../draft.ts";
import type { SweepAxis, SweepPlan } from "../sweep-plan.ts";
import { choicesToSweep, sweptParameters, valuesOfAxis } from "./sweep.ts";

interface SweepPanelProps {
  readonly parameters: readonly FormParameter[];
  readonly values: FormValues;
  readonly plan: SweepPlan;
  readonly onChange: (plan: SweepPlan) => void;
}

/** Gives one parameter several values, or two of them each with each. */
export function SweepPanel({ parameters, values, plan, onChange }: SweepPanelProps) {
  const all = sweptParameters(parameters);
  const { axes } = plan;
  const set = (nth: number, axis: SweepAxis | null): void =>
    onChange({ ...plan, axes: axes.flatMap((held, index) => (index === nth ? (axis ?? []) : held)) });
  const add = (): void => {
    const free = all.filter(({ name }) => !axes.some((axis) => axis.name === name));
    const next = free.find(({ name }) => name === "steps" || name === "strength") ?? free[0];
    if (next !== undefined)
      onChange({ ...plan, axes: [...axes, { name: next.name, text: String(values[next.name] ?? "") }] });
  };
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1.5 text-sm font-medium">{t`Try several values`}</legend>
      {axes.map((axis, nth) => (
        <AxisRow
          // biome-ignore lint/suspicious/noArrayIndexKey: an axis has no other identity; its parameter changes in place
          key={nth}
          label={axes.length === 1 ? t`Values of` : nth === 0 ? t`Down the grid` : t`Across the grid`}
          axis={axis}
          parameters={all.filter(({ name }) => name === axis.name || !axes.some((other) => other.name === name))}
          onChange={(next) => set(nth, next)}
        />
      ))}
      {axes.length < 2 && axes.length < all.length && (
        <Button size="small" onClick={add}>
          <Plus aria-hidden className="size-3.5" />
          {axes.length === 0 ? t`Give a setting several values` : t`Cross it with a second setting`}
        </Button>
      )}
    </fieldset>
  );
}

interface AxisRowProps {
  readonly label: string;
  readonly axis: SweepAxis;
  readonly parameters: readonly FormParameter[];
  readonly onChange: (axis: SweepAxis | null) => void;
}

function AxisRow({ label, axis, parameters, onChange }: AxisRowProps) {
  const parameter = parameters.find(({ name }) => name === axis.name);
  if (parameter === undefined) return null;
  const { values, problem } = valuesOfAxis(parameter, axis.text);
  const choices = choicesToSweep(parameter);
  const lines = axis.text.split("\n").map((line) => line.trim());
  const isText = parameter.kind === "text";
  return (
    <div className="space-y-2 rounded-xl border p-3">
      <div className="flex items-center gap-2">
        <label className="flex min-w-0 flex-1 items-center gap-2 text-xs text-muted">
          <span className="shrink-0">{label}</span>
          <select
            className="field min-w-0 flex-1 py-1!"
            value={axis.name}
            onChange={(event) => onChange({ name: event.target.value, text: "" })}
          >
            {parameters.map((one) => (
              <option key={one.name} value={one.name}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
        <IconButton
          label={t`Only one value of ${inSentence(parameter.label)}`}
          className="size-8"
          onClick={() => onChange(null)}
        >
          <X aria-hidden className="size-4" />
        </IconButton>
      </div>
      {choices === undefined ? (
        <textarea
          aria-label={t`Values of ${inSentence(parameter.label)}`}
          aria-invalid={problem !== null}
          rows={isText ? 3 : 1}
          className="field field-sizing-content max-h-48"
          placeholder={isText ? t`One on each line` : t`10, 20, 30 or 10..30/5`}
          value={axis.text}
          onChange={(event) => onChange({ ...axis, text: event.target.value })}
        />
      ) : (
        <ul className="max-h-48 space-y-1 overflow-y-auto" aria-label={t`Values of ${inSentence(parameter.label)}`}>
          {choices.map((choice) => {
            const text = String(choice);
            return (
              <li key={`${typeof choice} ${text}`}>
                <Tick
                  className="min-h-7 text-sm"
                  label={
                    typeof choice === "boolean"
                      ? choice
                        ? t`on`
                        : t`off`
                      : typeof choice === "object"
                        ? text
                        : choiceName(choice)
                  }
                  isOn={lines.includes(text)}
                  onChange={(isOn) => {
                    const kept = lines.filter((line) => line !== text && line !== "");
                    onChange({ ...axis, text: [...kept, ...(isOn ? [text] : [])].join("\n") });
                  }}
                />
              </li>
            );
          })}
        </ul>
      )}
      <p className={problem === null ? "text-xs text-faint tabular-nums" : "text-xs text-bad"}>
        {problem ?? tPlural(values.length, "{0} value", "{0} values")}
      </p>
    </div>
  );
}
