"use client";

import { useState } from "react";
import { t, tServer } from "../../../language/say.ts";
import { useJob } from "../../../trpc/hooks/jobs/use-job.ts";
import { useRemaining, useSubmit } from "../../../trpc/hooks/workflows/use-submit.ts";
import { type DryRunPlan, useDryRun, useVersionForm } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { Tick } from "../../../ui/tick.tsx";
import { JobCard } from "../../jobs/card/job-card.tsx";
import { PictureList } from "../../jobs/lightbox/picture-list.tsx";
import { SubmitForm } from "../submit-form.tsx";

/** The version's own form: a dry run, or a job of this version and what comes of it. */
export function TryPanel({ slug, version }: { slug: string; version: number }) {
  const form = useVersionForm(slug, version);
  const submit = useSubmit();
  const dryRun = useDryRun();
  const remaining = useRemaining();
  const [isDry, setIsDry] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const [plan, setPlan] = useState<DryRunPlan | null>(null);
  if (form === undefined) return <Skeleton className="h-96 rounded-2xl" />;
  return (
    <div className="min-w-0 space-y-4">
      <div className="panel">
        <div className="space-y-2 border-b p-5">
          <h2 className="font-display text-2xl">{t`Try version ${version}`}</h2>
          <Tick
            className="min-h-8 text-sm"
            label={t`Dry run: check everything, make nothing`}
            isOn={isDry}
            onChange={setIsDry}
          />
        </div>
        <SubmitForm
          key={`${slug}-${version}`}
          slug={`${slug}@${version}`}
          parameters={form.parameters}
          lacks={form.lacks}
          remaining={remaining}
          onSubmit={async (inputs) => {
            setPlan(null);
            if (isDry) {
              const answer = await dryRun(slug, version, inputs);
              if (answer.ok) setPlan(answer.plan);
              return answer;
            }
            const answer = await submit({ ...form, version }, inputs, { version });
            if (answer.ok) setJobId(answer.jobId);
            return answer;
          }}
        />
      </div>
      {plan !== null && <PlanNotice plan={plan} />}
      {jobId !== null && <TriedJob jobId={jobId} />}
    </div>
  );
}

function PlanNotice({ plan }: { plan: DryRunPlan }) {
  return (
    <section role="status" className="panel space-y-2 border-good/40 p-4 text-sm">
      <p className="font-medium">{t`This would run.`}</p>
      {plan.warnings.map((warning) => (
        <p key={warning} className="text-warn">
          {tServer(warning)}
        </p>
      ))}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-muted">
        {Object.entries(plan.inputs).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="font-mono text-xs leading-5">{name}</dt>
            <dd className="truncate text-ink">{typeof value === "object" ? t`a picture` : String(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function TriedJob({ jobId }: { jobId: string }) {
  const { job } = useJob(jobId);
  if (job === undefined) return null;
  return (
    <PictureList jobIds={[jobId]}>
      <JobCard job={job} />
    </PictureList>
  );
}
