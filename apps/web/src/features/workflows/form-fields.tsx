"use client";

import type { InputValue } from "@darkroom/contracts";
import { ChevronRight } from "lucide-react";
import { Fragment, type ReactNode, useState } from "react";
import { inSentence, t } from "../../language/say.ts";
import { SizeControl } from "./controls/size-control.tsx";
import { type FormParameter, type FormValues, shownParameters } from "./draft.ts";
import { foldedApart } from "./form-layout.ts";
import { InputField } from "./input-field.tsx";
import type { FileNote, StoredDraft } from "./stored-draft.ts";

interface FormFieldsProps {
  readonly parameters: readonly FormParameter[];
  readonly values: FormValues;
  readonly problems: Readonly<Record<string, string>>;
  readonly pictures: StoredDraft["pictures"];
  readonly onChange: (name: string, value: InputValue | undefined, note?: FileNote) => void;
  readonly onUploading: (name: string, isUploading: boolean) => void;
  /** How many pictures; stands beside the seed. */
  readonly count: ReactNode;
  /** Below everything else, within the fold. */
  readonly more: ReactNode;
}

/** A workflow's fields: what matters each time, and a fold with the rest. */
export function FormFields({
  parameters,
  values,
  problems,
  pictures,
  onChange,
  onUploading,
  count,
  more,
}: FormFieldsProps) {
  const shown = shownParameters(parameters, values);
  const broughtBy = (name: string | undefined): FormParameter[] => shown.filter(({ when }) => when?.parameter === name);
  const number = (name: string): number | undefined => {
    const value = values[name];
    return typeof value === "number" ? value : undefined;
  };

  /** A field; below a choice, what its chosen option brings. */
  const field = (parameter: FormParameter) => {
    const { name, label, kind } = parameter;
    const value = values[name];
    const uploadId = typeof value === "object" && "uploadId" in value ? value.uploadId : undefined;
    const brought = broughtBy(name);
    const input = (
      <InputField
        parameter={parameter}
        value={value}
        problem={problems[name]}
        note={uploadId === undefined ? undefined : pictures[uploadId]}
        image={kind === "mask" ? pictureToMask(parameters, values) : undefined}
        onChange={(next, note) => onChange(name, next, note)}
        onUploading={(isUploading) => onUploading(name, isUploading)}
      />
    );
    return (
      <Fragment key={name}>
        {kind === "seed" && count !== null ? (
          <div className="grid grid-cols-[minmax(0,1fr)_7.5rem] items-start gap-3">
            {input}
            {count}
          </div>
        ) : (
          input
        )}
        {brought.length > 0 && (
          <fieldset aria-label={`${label}: ${String(value)}`} className="min-w-0 space-y-4 border-l-2 border-edge pl-4">
            {fields(brought)}
          </fieldset>
        )}
      </Fragment>
    );
  };

  /** Fields one below the other, with width and height as one. */
  const fields = (some: readonly FormParameter[]): ReactNode => {
    const [width, height] = ["width", "height"].map((side) => some.find(({ name }) => name === side));
    if (width?.kind !== "integer" || height?.kind !== "integer") return some.map(field);
    return some
      .filter((parameter) => parameter !== height)
      .map((parameter) =>
        parameter !== width ? (
          field(parameter)
        ) : (
          <SizeControl
            key="size"
            idPrefix="input"
            width={width}
            height={height}
            values={{ width: number("width"), height: number("height") }}
            problems={{ width: problems.width, height: problems.height }}
            onChange={(changed) => {
              for (const [name, value] of Object.entries(changed)) onChange(name, value);
            }}
          />
        ),
      );
  };

  const { plain, folded } = foldedApart(parameters, broughtBy(undefined));
  const [isUnfolded, setIsUnfolded] = useState(false);
  const hasFoldedProblem = shown.some(
    ({ name }) => problems[name] !== undefined && !plain.some((one) => one.name === name),
  );
  return (
    <>
      {fields(plain)}
      {(folded.length > 0 || more !== null) && (
        <details
          className="group"
          open={isUnfolded || hasFoldedProblem}
          onToggle={(event) => setIsUnfolded(event.currentTarget.open)}
        >
          <summary className="-mx-2 flex min-h-9 items-center gap-1.5 rounded-lg px-2 text-sm font-medium text-muted hover:text-ink">
            <ChevronRight aria-hidden className="size-4 shrink-0 transition-transform group-open:rotate-90" />
            <span className="shrink-0">{t`More settings`}</span>
            <span className="min-w-0 truncate text-xs font-normal text-faint">
              {folded.map(({ label }) => inSentence(label)).join(", ")}
            </span>
          </summary>
          <div className="space-y-4 pt-3">
            {fields(folded)}
            {isUnfolded && more}
          </div>
        </details>
      )}
    </>
  );
}

/** The picture that a mask is of: the first one that the form has. */
function pictureToMask(parameters: readonly FormParameter[], values: FormValues): InputValue | undefined {
  const picture = parameters.find(({ kind, name }) => kind === "image" && values[name] !== undefined);
  return picture === undefined ? undefined : values[picture.name];
}
