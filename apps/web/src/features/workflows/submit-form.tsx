"use client";

import type { InputValue, InputValues, Remaining } from "@darkroom/contracts";
import { Sparkles } from "lucide-react";
import { type SyntheticEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { t, tPlural, tServer } from "../../language/say.ts";
import type { Refusal } from "../../trpc/refusal.ts";
import { Button } from "../../ui/button.tsx";
import { later } from "../../ui/later.tsx";
import { Notice } from "../../ui/notice.tsx";
import { carriedValues, type FormParameter, fieldProblems, inputsOf, problemsOf, valuesFrom } from "./draft.ts";
import { FormFields } from "./form-fields.tsx";
import { type FileNote, readDraft, type StoredDraft, writeDraft } from "./stored-draft.ts";
import { CountControl } from "./sweep/count-control.tsx";
import { onePicture, type SweepPlan } from "./sweep-plan.ts";

// Not part of the first load: most clicks make one picture.
const SweepPanel = later(() => import("./sweep/sweep-panel.tsx").then((module) => module.SweepPanel));
const loadSweep = () => import("./sweep/sweep.ts");
const PlanNote = later(() => import("./sweep/plan-note.tsx").then((module) => module.PlanNote));

interface SubmitFormProps {
  readonly slug: string;
  readonly parameters: readonly FormParameter[];
  /** Values that come from elsewhere (a picture's seed, a job's inputs) and go before the draft's. */
  readonly preset?: Readonly<Record<string, unknown>>;
  /** What this workflow needs and no connected backend has. */
  readonly lacks: readonly string[];
  readonly remaining: Remaining | null;
  /** Sends it to `job.submit`, through the page's one client, and shows the job's card at once. `isFirst`: before all that waits. */
  readonly onSubmit: (
    inputs: InputValues,
    isFirst: boolean,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly refusal: Refusal }>;
  /** Sends many as one batch. Left out where a form is for one job at a time. */
  readonly onSubmitMany?: (jobs: readonly InputValues[]) => Promise<void>;
}

/** A workflow's form, made from its declared parameters. Give it a `key` per workflow and preset. */
export function SubmitForm({ slug, parameters, preset, lacks, remaining, onSubmit, onSubmitMany }: SubmitFormProps) {
  const [values, setValues] = useState(() => valuesFrom(parameters, preset ?? {}));
  const [pictures, setPictures] = useState<StoredDraft["pictures"]>({});
  const [plan, setPlan] = useState(onePicture);
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
    setValues(valuesFrom(parameters, { ...draft.values, ...preset }));
    setPictures(draft.pictures);
    setPlan(draft.plan);
    setIsReady(true);
  }, []);
  useEffect(() => {
    if (isReady) writeDraft(slug, { values, pictures, plan }, carriedValues(parameters, values));
  }, [isReady, parameters, pictures, plan, slug, values]);

  // Check this first: during an upload the field still holds the previous image.
  const unfinished = Object.fromEntries(uploading.map((name) => [name, t`Wait until the image is uploaded.`]));
  const ownProblems = { ...problemsOf(parameters, values), ...unfinished };
  const problems = { ...serverProblems, ...(wasTried ? ownProblems : {}) };
  const reasons = Object.values(ownProblems);
  const isMany = onSubmitMany !== undefined && isForMany(plan);
  const sweep = useSweep(isMany);
  // What is drawn here is for the note alone; a click draws anew.
  const planned = isMany && sweep !== null ? sweep.expand(parameters, inputsOf(parameters, values), plan) : null;

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

  async function submit(event: SyntheticEvent, isFirst = false): Promise<void> {
    event.preventDefault();
    setWasTried(true);
    setRefusal(null);
    if (reasons.length > 0) return focusFirst(ownProblems);
    const inputs = inputsOf(parameters, values);
    const many = isMany ? (await loadSweep()).expand(parameters, inputs, plan) : null;
    if (many !== null && many.problem !== null) return;
    if (many !== null && many.jobs.length > 1) return onSubmitMany?.(many.jobs);
    const result = await onSubmit(many?.jobs[0] ?? inputs, isFirst);
    if (result.ok) return;
    const named = fieldProblems(parameters, result.refusal.fields);
    setServerProblems(named.problems);
    setRefusal(Object.keys(named.problems).length === 0 || named.rest.length > 0 ? result.refusal : null);
    focusFirst(named.problems);
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !event.repeat)
          void submit(event, event.shiftKey);
      }}
      className="flex min-h-0 flex-col"
      aria-label={t`New picture`}
    >
      <div className="min-h-0 space-y-4 px-5 py-4 short:p-3 lg:overflow-y-auto lg:overscroll-contain">
        {lacks.length > 0 && (
          <div className="rounded-xl border border-warn/40 bg-warn/8 p-3 text-sm">
            <p className="font-medium">{t`No server can run this workflow right now.`}</p>
            <p className="text-muted">{lacks.map(tServer).join(" ")}</p>
          </div>
        )}
        <FormFields
          parameters={parameters}
          values={values}
          problems={problems}
          pictures={pictures}
          onChange={change}
          onUploading={(name, isUploading) =>
            setUploading((held) => [...held.filter((other) => other !== name), ...(isUploading ? [name] : [])])
          }
          count={
            onSubmitMany === undefined ? null : (
              <CountControl value={plan.count} onChange={(count) => setPlan({ ...plan, count })} />
            )
          }
          more={
            onSubmitMany === undefined ? null : (
              <SweepPanel parameters={parameters} values={values} plan={plan} onChange={setPlan} />
            )
          }
        />
      </div>
      <div data-bottom-bar className="sticky bottom-0 z-10 space-y-2.5 rounded-b-2xl border-t bg-surface p-4 short:p-2">
        {refusal !== null && (
          <Notice title={titles()[refusal.code] ?? t`This was not accepted.`}>
            <p>{refusal.message}</p>
            {refusal.retryAfterSeconds !== null && (
              <p className="tabular-nums">{t`Try again in ${Math.ceil(refusal.retryAfterSeconds)} s.`}</p>
            )}
          </Notice>
        )}
        {planned !== null && planned.formula !== null && <PlanNote {...planned} />}
        {/* Until the page listens, the browser itself would send the form, and load the page again. */}
        <Button
          type="submit"
          look="primary"
          size="large"
          className="w-full disabled:opacity-100"
          disabled={!isReady}
          // The second click of a double click is no second wish.
          onClick={(event) => event.detail > 1 && event.preventDefault()}
        >
          <Sparkles aria-hidden className="size-4.5" />
          {planned !== null && planned.jobs.length > 1 ? t`Generate ${planned.jobs.length}` : t`Generate`}
        </Button>
        <p className="flex min-h-4 flex-wrap justify-between gap-x-4 text-xs text-faint tabular-nums">
          {wasTried && reasons.length > 0 ? (
            <span>{reasons.join(" ")}</span>
          ) : (
            <span className="pointer-coarse:hidden">{t`Ctrl or ⌘ + Enter`}</span>
          )}
          {remaining !== null && (
            <span>{tPlural(remaining.generations, "{0} picture left this hour", "{0} pictures left this hour")}</span>
          )}
        </p>
      </div>
    </form>
  );
}

const isForMany = ({ count, axes }: SweepPlan): boolean => count > 1 || axes.length > 0;

/** What makes one form into many jobs, once that is wanted and loaded. */
function useSweep(isWanted: boolean): Awaited<ReturnType<typeof loadSweep>> | null {
  const [sweep, setSweep] = useState<Awaited<ReturnType<typeof loadSweep>> | null>(null);
  useEffect(() => {
    if (isWanted) void loadSweep().then(setSweep);
  }, [isWanted]);
  return sweep;
}

const titles = (): Readonly<Partial<Record<Refusal["code"], string>>> => ({
  RATE_LIMITED: t`That was fast.`,
  QUOTA_EXCEEDED: t`This hour's pictures are used up.`,
  QUEUE_FULL: t`The queue is full.`,
  NO_CAPABLE_BACKEND: t`No server can make this.`,
  UNREACHABLE: t`No answer from the server.`,
  UNAVAILABLE: t`The server is busy.`,
});
