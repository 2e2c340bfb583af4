import type { Choice, InputValue } from "@darkroom/contracts";
import { isImageInput, mediaOfKind } from "@darkroom/contracts";
import { t } from "../../language/say.ts";
import { laterInHtml } from "../../ui/later.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { describedBy, FieldFrame } from "./controls/field-frame.tsx";
import { choiceName } from "./controls/matching-choices.ts";
import { NumberControl } from "./controls/number-control.tsx";
import { SeedControl } from "./controls/seed-control.tsx";
import type { FormParameter } from "./draft.ts";
import { PromptBox } from "./prompts/prompt-box.tsx";
import type { FileNote } from "./stored-draft.ts";

// Not part of the first load: most forms have neither files nor long lists of choices.
const FileControl = laterInHtml(
  () => import("./controls/file-control.tsx").then((module) => module.FileControl),
  () => <Skeleton className="h-24.5" />,
);
const SearchSelect = laterInHtml(
  () => import("./controls/search-select.tsx").then((module) => module.SearchSelect),
  () => <Skeleton className="h-10" />,
);

interface InputFieldProps {
  readonly parameter: FormParameter;
  readonly value: InputValue | undefined;
  readonly problem?: string;
  readonly note?: FileNote;
  /** The picture that a mask is of. */
  readonly image?: InputValue | undefined;
  readonly onChange: (value: InputValue | undefined, note?: FileNote) => void;
  readonly onUploading: (isUploading: boolean) => void;
}

/** The control for one declared parameter. */
export function InputField({ parameter, value, problem, note, image, onChange, onUploading }: InputFieldProps) {
  const id = `input-${parameter.name}`;
  const { label, help } = parameter;
  const shared = { id, describedBy: describedBy(id, { help, problem }), isInvalid: problem !== undefined };
  const aria = { id, "aria-describedby": shared.describedBy, "aria-invalid": shared.isInvalid };
  const number = typeof value === "number" ? value : undefined;
  const text = typeof value === "string" ? value : "";

  if (parameter.kind === "boolean") {
    return (
      <div className="flex min-h-8 items-center gap-2.5">
        <input
          type="checkbox"
          {...aria}
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
          className="size-5 accent-(--safelight-strong)"
        />
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
      </div>
    );
  }

  const control = (() => {
    switch (parameter.kind) {
      case "text":
        if (parameter.name === "prompt") return <PromptBox {...aria} value={text} onChange={onChange} />;
        return (
          <textarea
            {...aria}
            rows={2}
            className="field field-sizing-content max-h-72 resize-y leading-relaxed"
            placeholder={parameter.name === "negativePrompt" ? t`Blurry, text, watermark` : undefined}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        );
      case "integer":
      case "number": {
        const step = parameter.step ?? (parameter.kind === "integer" ? 1 : 0.01);
        return (
          <NumberControl
            {...shared}
            label={label}
            value={number}
            min={parameter.min}
            max={parameter.max}
            step={step}
            hasSlider={(parameter.max - parameter.min) / step <= 200}
            onChange={onChange}
          />
        );
      }
      case "seed":
        return <SeedControl {...shared} value={number} min={parameter.min} max={parameter.max} onChange={onChange} />;
      case "model":
        if (parameter.choices === undefined || parameter.choices.length === 0) {
          return (
            <input
              type="text"
              {...aria}
              className="field"
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          );
        }
        return <Select aria={aria} value={value} choices={parameter.choices} onChange={onChange} />;
      case "choice":
        return <Select aria={aria} value={value} choices={parameter.choices} onChange={onChange} />;
      case "image":
      case "mask":
      case "video":
      case "audio":
      case "3d":
        return (
          <FileControl
            {...shared}
            media={mediaOfKind(parameter.kind) ?? "image"}
            label={label}
            value={isImageInput(value) ? value : undefined}
            note={note}
            masked={parameter.kind !== "mask" ? undefined : isImageInput(image) ? image : null}
            onChange={onChange}
            onUploading={onUploading}
          />
        );
    }
  })();
  return (
    <FieldFrame id={id} label={label} help={help} problem={problem} aside={asideOf(parameter, text)}>
      {control}
    </FieldFrame>
  );
}

/** With more choices than this the field becomes one that is searched. */
const AT_A_GLANCE = 7;

/** A count only once it matters. */
function asideOf(parameter: FormParameter, text: string): string | undefined {
  const max = parameter.kind === "text" ? (parameter.max ?? 4000) : 0;
  return max > 0 && text.length > max * 0.8 ? t`${text.length} of ${max}` : undefined;
}

interface SelectProps {
  readonly aria: Readonly<Record<string, unknown>>;
  readonly value: InputValue | undefined;
  readonly choices: readonly Choice[];
  readonly onChange: (value: Choice) => void;
}

function Select({ aria, value, choices, onChange }: SelectProps) {
  if (choices.length > AT_A_GLANCE) return <SearchSelect {...{ aria, value, choices, onChange }} />;
  return (
    // The options are told apart by their place: their texts do not say whether a choice is a number.
    <select
      {...aria}
      className="field"
      value={choices.indexOf(value as Choice)}
      onChange={(event) => {
        const choice = choices[Number(event.target.value)];
        if (choice !== undefined) onChange(choice);
      }}
    >
      {choices.map((choice, index) => (
        <option key={`${typeof choice} ${choice}`} value={index}>
          {choiceName(choice)}
        </option>
      ))}
    </select>
  );
}
