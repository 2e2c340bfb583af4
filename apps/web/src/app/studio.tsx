"use client";

import type { ImageInput, JobView } from "@darkroom/contracts";
import { useSearchParams } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { ContactSheet, SHOWN } from "../features/jobs/card/contact-sheet.tsx";
import { SubmitForm } from "../features/workflows/submit-form.tsx";
import { WorkflowChooser } from "../features/workflows/workflow-chooser.tsx";
import { readChosen, writeChosen } from "../hooks/chosen-workflow.ts";
import { useListens } from "../hooks/use-listens.ts";
import { t } from "../language/say.ts";
import { useSession } from "../trpc/hooks/account/use-session.ts";
import { useJobs } from "../trpc/hooks/jobs/use-jobs.ts";
import { useRemaining, useSubmit } from "../trpc/hooks/workflows/use-submit.ts";
import { useRecentBatches, useSubmitBatch } from "../trpc/hooks/workflows/use-submit-batch.ts";
import { useWorkflow, useWorkflows } from "../trpc/hooks/workflows/use-workflows.ts";
import { Button } from "../ui/button.tsx";
import { later, laterInHtml } from "../ui/later.tsx";
import { Notice } from "../ui/notice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

// Not part of the first load: most visits bring neither a batch, nor a job or a file from elsewhere. A batch has its place.
const BatchStrip = laterInHtml(
  () => import("../features/batches/batch-strip.tsx").then((module) => module.BatchStrip),
  () => <Skeleton className="h-16.5" />,
);

const FileFromUrl = later(() => import("./file-from-url.tsx").then((module) => module.FileFromUrl));
const JobFromUrl = later(() => import("./job-from-url.tsx").then((module) => module.JobFromUrl));

/** Values for the form from elsewhere; `round` makes each use of them a new form. */
interface Preset {
  readonly slug: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly round: number;
}

/** The workflow chooser, its form, and what comes of it. */
export function Studio({ chosenBefore }: { readonly chosenBefore: string | null }) {
  useListens();
  const { workflows, error, retry } = useWorkflows();
  // The page may be one that the router kept from before the last choice.
  const [wanted, setWanted] = useState(() => (typeof document === "undefined" ? chosenBefore : readChosen()));
  const [preset, setPreset] = useState<Preset | null>(null);
  const [started, setStarted] = useState<string | null>(null);
  const recent = useRecentBatches(useJobs({ limit: SHOWN }).jobs);
  const batches = [...new Set([...(started === null ? [] : [started]), ...recent])];
  const formTop = useRef<HTMLDivElement>(null);

  const known = workflows?.some(({ slug }) => slug === wanted) === true;
  const chosen = known ? wanted : (workflows?.[0]?.slug ?? null);

  const choose = useCallback((slug: string) => {
    setWanted(slug);
    writeChosen(slug);
  }, []);

  const fill = useCallback(
    (slug: string, values: Preset["values"]) => {
      choose(slug);
      setPreset((held) => ({ slug, values, round: (held?.round ?? 0) + 1 }));
      formTop.current?.scrollIntoView({ block: "start", behavior: "smooth" });
    },
    [choose],
  );
  const reuseSeed = useCallback((job: JobView) => fill(job.workflow.slug, { seed: job.seed }), [fill]);
  const edit = useCallback((job: JobView) => fill(job.workflow.slug, job.inputs), [fill]);
  // Into the form that is open, if it takes one; a person who is upscaling is shown where examples belong.
  const takesPrompt = chosen !== null && workflows?.find(({ slug }) => slug === chosen)?.files.length === 0;
  const example = (prompt: string): void => {
    const slug = takesPrompt ? chosen : (workflows?.find(({ files }) => files.length === 0)?.slug ?? chosen);
    if (slug !== null) fill(slug, { prompt });
  };
  const asked = useSearchParams();
  const begin = useCallback(
    (slug: string, file: { name: string; value: ImageInput } | null) => {
      const begun = workflows?.find((one) => one.slug === slug);
      if (begun === undefined) return;
      if (file === null) return choose(slug);
      // A mask that was painted over another picture does not fit this one.
      const masks = begun.files.filter(({ kind }) => kind === "mask").map(({ name }) => [name, undefined]);
      fill(slug, { ...Object.fromEntries(masks), [file.name]: file.value });
    },
    [choose, fill, workflows],
  );

  const chooser =
    error !== null && workflows === undefined ? (
      <Notice
        title={t`The workflows could not be loaded.`}
        action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
      >
        {error.message}
      </Notice>
    ) : (
      <WorkflowChooser workflows={workflows} chosen={chosen} onChoose={choose} />
    );
  return (
    <div
      data-wide
      className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[24.5rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]"
    >
      {asked.has("from") && <JobFromUrl fill={fill} />}
      {asked.has("workflow") && workflows !== undefined && <FileFromUrl begin={begin} />}
      <header className="space-y-1 short:sr-only lg:col-start-2">
        <h1 className="font-display text-4xl sm:text-5xl">{t`What shall we develop?`}</h1>
        <p className="text-muted">{t`Describe it, press Generate, and watch it come up in the tray.`}</p>
      </header>
      <div
        ref={formTop}
        className="flex min-w-0 scroll-mt-20 flex-col lg:sticky lg:top-20 lg:col-start-1 lg:row-span-2 lg:row-start-1 lg:max-h-[calc(100dvh-6rem)]"
      >
        {/* The chooser stays the same element whatever form is below it: whoever chooses by keyboard keeps the focus. */}
        <div className="panel flex min-h-0 flex-col lg:max-h-full">
          <div className="shrink-0 border-b px-5 py-3 short:px-3 short:py-2">{chooser}</div>
          <Form slug={chosen} preset={preset?.slug === chosen ? preset : null} onBatch={setStarted} />
        </div>
      </div>
      <div className="min-w-0 space-y-6 lg:col-start-2">
        {batches.length > 0 && <BatchStrip batchIds={batches} />}
        <ContactSheet
          onReuseSeed={reuseSeed}
          onEdit={edit}
          onPrompt={example}
          hint={t`Your pictures develop here, the newest first. Write what you would like to see and press Generate; you may start the next one at once.`}
        />
      </div>
    </div>
  );
}

interface FormProps {
  readonly slug: string | null;
  readonly preset: Preset | null;
  readonly onBatch: (batchId: string) => void;
}

function Form({ slug, preset, onBatch }: FormProps) {
  const { workflow, error, retry } = useWorkflow(slug);
  const submit = useSubmit();
  const { isOperator } = useSession();
  const submitBatch = useSubmitBatch();
  const remaining = useRemaining();
  if (workflow === undefined || slug === null) {
    return (
      <div className="p-5">
        {error === null ? (
          <Skeleton className="h-120 rounded-xl" />
        ) : (
          <Notice
            title={t`This workflow could not be loaded.`}
            action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
          >
            {error.message}
          </Notice>
        )}
      </div>
    );
  }
  return (
    <SubmitForm
      key={`${workflow.workflowId}-${workflow.version}-${preset?.round ?? 0}`}
      slug={workflow.slug}
      parameters={workflow.parameters}
      preset={preset?.values}
      lacks={workflow.lacks}
      remaining={remaining}
      onSubmit={(inputs, isFirst) => submit(workflow, inputs, { isFirst: isFirst && isOperator })}
      onSubmitMany={async (jobs) => onBatch(await submitBatch(workflow, jobs))}
    />
  );
}
