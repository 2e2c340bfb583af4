"use client";

import { useState } from "react";
import { JobCard } from "../../features/jobs/card/job-card.tsx";
import { PictureList } from "../../features/jobs/lightbox/picture-list.tsx";
import type { FormParameter } from "../../features/workflows/draft.ts";
import { SubmitForm } from "../../features/workflows/submit-form.tsx";
import { WorkflowChooser } from "../../features/workflows/workflow-chooser.tsx";
import { t } from "../../language/say.ts";
import { useJob } from "../../trpc/hooks/jobs/use-job.ts";
import { useRemaining, useSubmit } from "../../trpc/hooks/workflows/use-submit.ts";
import { useWorkflow, useWorkflows } from "../../trpc/hooks/workflows/use-workflows.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** How much of a workflow's form is shown: what it cannot do without, or all of it. */
export type Extent = "quick" | "full";

/** As many of the pictures that were made here stay beside the form. */
const MOST_SHOWN = 4;

/** A workflow's form and what was made with it; the same as in the studio, or only what the workflow cannot do without. */
export function GeneratePanel({ extent }: { extent: Extent }) {
  const { workflows } = useWorkflows();
  const [wanted, setWanted] = useState<string | null>(null);
  const slug = wanted ?? workflows?.[0]?.slug ?? null;
  const { workflow, error, retry } = useWorkflow(slug);
  const submit = useSubmit();
  const remaining = useRemaining();
  const [jobIds, setJobIds] = useState<readonly string[]>([]);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[24.5rem_minmax(0,1fr)]">
      <div className="panel flex min-w-0 flex-col">
        <div className="border-b px-5 pt-4 pb-3">
          <WorkflowChooser workflows={workflows} chosen={slug} onChoose={setWanted} />
        </div>
        {error !== null && workflow === undefined && (
          <Notice
            title={t`This workflow could not be loaded.`}
            action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
          >
            {error.message}
          </Notice>
        )}
        {workflow === undefined ? (
          <Skeleton className="m-5 h-40 rounded-xl" />
        ) : (
          <SubmitForm
            key={`${workflow.workflowId}-${workflow.version}-${extent}`}
            slug={`${workflow.slug}@${extent}`}
            parameters={extent === "full" ? workflow.parameters : workflow.parameters.filter(isEssential)}
            lacks={workflow.lacks}
            remaining={remaining}
            onSubmit={async (inputs) => {
              const answer = await submit(workflow, inputs);
              if (answer.ok) setJobIds((held) => [answer.jobId, ...held].slice(0, MOST_SHOWN));
              return answer;
            }}
          />
        )}
      </div>
      {jobIds.length > 0 && (
        <PictureList jobIds={jobIds}>
          <div className="grid gap-4 sm:grid-cols-2">
            {jobIds.map((jobId) => (
              <MadeHere key={jobId} jobId={jobId} />
            ))}
          </div>
        </PictureList>
      )}
    </div>
  );
}

/** The words of a picture, and what has no default. */
const isEssential = (parameter: FormParameter): boolean =>
  parameter.name === "prompt" || (parameter.required && !("default" in parameter) && parameter.kind !== "seed");

function MadeHere({ jobId }: { jobId: string }) {
  const { job } = useJob(jobId);
  return job === undefined ? <Skeleton className="h-64 rounded-2xl" /> : <JobCard job={job} />;
}
