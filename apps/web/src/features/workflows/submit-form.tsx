"use client";

import type { InputValue, InputValues, Remaining } from "@darkroom/contracts";
import { plural } from "@darkroom/contracts";
import { ChevronRight, Sparkles } from "lucide-react";
import {
  type FormEvent,
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Refusal } from "../../trpc/refusal.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { type FormParameter, fieldProblems, inputsOf, problemsOf, shownParameters, valuesFrom } from "./draft.ts";
import { InputField } from "./input-field.tsx";
import { SizeControl } from "./size-control.tsx";
import { type FileNote, readDraft, type StoredDraft, writeDraft } from "./stored-draft.ts";

interface SubmitFormProps {
  readonly slug: string;
  readonly parameters: readonly FormParameter[];
  /** Values that come from elsewhere (a picture's seed, a job's inputs) and go before the draft's. */
  readonly preset?: Readonly<Record<string, unknown>>;
  /** What this workflow needs and no connected backend has. */
  readonly lacks: readonly string[];
  readonly remaining: Remaining | null;
  /** Rendered above the fields, in the same panel. */
  readonly heading: ReactNode;
  /** Sends it to `job.submit`, through the page's one client, and shows the job's card at once. */
  readonly onSubmit: (
    inputs: InputValues,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly refusal: Refusal }>;
}

const isModKey = (event: KeyboardEvent): boolean => event.metaKey || event.ctrlKey;

/** A workflow's form, made from its declared parameters. Give it a `key` per workflow and preset. */
export function SubmitForm({ slug, parameters, preset, lacks, remaining, heading, onSubmit }: SubmitFormProps) {
  const [values, setValues] = useState(() => valuesFrom(parameters, preset ?? {}));
  const [pictures, setPictures] = useState<StoredDraft["pictures"]>({});
  const [isReady, setIsReady] = useState(false);
  const [uploading, setUploading] = useState<readonly string[]>([]);
  const [serverProblems, setServerProblems] = useState<Readonly<Record<string, string>>>({});
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [wasTried, setWasTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  // The server knows no drafts, so the form that arrives with the page has none. This runs before anything is painted anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; another workflow or preset is another form, by its key
  useLayoutEffect(() => {
    const draft = readDraft(slug);
    const typed = form.current === null ? {} : typedBefore(parameters, form.current);
    setValues(valuesFrom(parameters, { ...draft.values, ...preset, ...typed }));
    setPictures(draft.pictures);
    setIsReady(true);
  }, []);
  useEffect(() => {
    if (isReady) writeDraft(slug, values, pictures);
  }, [isReady, slug, values, pictures]);

  // Check this first: during an upload the field still holds the previous image.
  const unfinished = Object.fromEntries(uploading.map((name) => [name, "Wait until the image is uploaded."]));
  const ownProblems = { ...problemsOf(parameters, values), ...unfinished };
  const problems = { ...serverProblems, ...(wasTried ? ownProblems : {}) };
  const reasons = Object.values(ownProblems);

  function change(name: string, value: InputValue | undefined, note?: FileNote): void {
    setValues((held) => ({ ...held, [name]: value }));
    setServerProblems(({ [name]: _, ...others }) => others);
    if (note !== undefined && typeof value === "object" && "uploadId" in value) {
      setPictures((held) => ({ ...held, [value.uploadId]: note }));
    }
  }

  function focusFirst(named: Readonly<Record<string, string>>): void {
    const first = parameters.find(({ name }) => named[name] !== undefined);
    if (first !== undefined)
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(`#input-${first.name}`)?.focus());
  }

  async function submit(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    setWasTried(true);
    setRefusal(null);
    if (reasons.length > 0) return focusFirst(ownProblems);
    const result = await onSubmit(inputsOf(parameters, values));
    if (result.ok) return;
    const named = fieldProblems(parameters, result.refusal.fields);
    setServerProblems(named.problems);
    setRefusal(Object.keys(named.problems).length === 0 || named.rest.length > 0 ? result.refusal : null);
    focusFirst(named.problems);
  }

  const shown = shownParameters(parameters, values);
  const broughtBy = (name: string | undefined): FormParameter[] => shown.filter(({ when }) => when?.parameter === name);
  const number = (name: string): number | undefined => {
    const value = values[name];
    return typeof value === "number" ? value : undefined;
  };

  /** A field; below a choice, what its chosen option brings. */
  const field = (parameter: FormParameter) => {
    const { name, label } = parameter;
    const value = values[name];
    const uploadId = typeof value === "object" && "uploadId" in value ? value.uploadId : undefined;
    const brought = broughtBy(name);
    return (
      <Fragment key={name}>
        <InputField
          parameter={parameter}
          value={value}
          problem={problems[name]}
          note={uploadId === undefined ? undefined : pictures[uploadId]}
          onChange={(next, note) => change(name, next, note)}
          onUploading={(isUploading) =>
            setUploading((held) => [...held.filter((other) => other !== name), ...(isUploading ? [name] : [])])
          }
        />
        {brought.length > 0 && (
          <fieldset aria-label={`${label}: ${String(value)}`} className="min-w-0 space-y-5 border-l-2 border-edge pl-4">
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
              for (const [name, value] of Object.entries(changed)) change(name, value);
            }}
          />
        ),
      );
  };

  const always = broughtBy(undefined);
  // A choice is not folded away from what it brings.
  const advanced = always.filter(
    ({ name, advanced: isAdvanced }) =>
      isAdvanced === true && !parameters.some(({ when, advanced: isFolded }) => when?.parameter === name && !isFolded),
  );
  const plain = always.filter((parameter) => !advanced.includes(parameter));
  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && isModKey(event)) void submit();
      }}
      className="panel flex min-h-0 flex-col lg:max-h-full"
      aria-label="New picture"
    >
      <div className="min-h-0 space-y-5 p-5 lg:overflow-y-auto lg:overscroll-contain">
        <div className="-mx-5 border-b px-5 pb-4">{heading}</div>
        {lacks.length > 0 && (
          <div className="rounded-xl border border-warn/40 bg-warn/8 p-3 text-sm">
            <p className="font-medium">No server can run this workflow right now.</p>
            <p className="text-muted">{lacks.join(" ")}</p>
          </div>
        )}
        {fields(plain)}
        {advanced.length > 0 && (
          <details
            className="group"
            open={
              shown.some(({ name }) => problems[name] !== undefined && !plain.some((one) => one.name === name)) ||
              undefined
            }
          >
            <summary className="-mx-2 flex min-h-9 items-center gap-1.5 rounded-lg px-2 text-sm font-medium text-muted hover:text-ink">
              <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
              Advanced
            </summary>
            <div className="space-y-5 pt-4">{fields(advanced)}</div>
          </details>
        )}
      </div>
      <div className="sticky bottom-0 z-10 space-y-2.5 rounded-b-2xl border-t bg-surface p-4">
        {refusal !== null && (
          <Notice title={titles[refusal.code] ?? "This was not accepted."}>
            <p>{refusal.message}</p>
            {refusal.retryAfterSeconds !== null && (
              <p className="tabular-nums">Try again in {Math.ceil(refusal.retryAfterSeconds)} s.</p>
            )}
          </Notice>
        )}
        {/* Until the page listens, the browser itself would send the form, and load the page again. */}
        <Button type="submit" look="primary" size="large" className="w-full disabled:opacity-100" disabled={!isReady}>
          <Sparkles aria-hidden className="size-4.5" />
          Generate
        </Button>
        <p className="flex min-h-4 flex-wrap justify-between gap-x-4 text-xs text-faint tabular-nums">
          <span>{reasons.length > 0 ? reasons.join(" ") : "Ctrl or ⌘ + Enter"}</span>
          {remaining !== null && <span>{plural(remaining.generations, "picture")} left this hour</span>}
        </p>
      </div>
    </form>
  );
}

/** What somebody has typed into the form that arrived with the page, before the page could listen. */
function typedBefore(parameters: readonly FormParameter[], form: HTMLFormElement): Record<string, string | number> {
  const typed: Record<string, string | number> = {};
  for (const { name, kind } of parameters) {
    const field = form.querySelector(`#input-${name}`);
    if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) continue;
    if (field.value === field.defaultValue) continue;
    if (kind === "text") typed[name] = field.value;
    if (kind === "integer" || kind === "number") typed[name] = Number(field.value);
  }
  return typed;
}

const titles: Readonly<Partial<Record<Refusal["code"], string>>> = {
  RATE_LIMITED: "That was fast.",
  QUOTA_EXCEEDED: "This hour's pictures are used up.",
  QUEUE_FULL: "The queue is full.",
  NO_CAPABLE_BACKEND: "No server can make this.",
  UNREACHABLE: "No answer from the server.",
  UNAVAILABLE: "The server is busy.",
};
