"use client";

import { graphText, isTerminal, type JobView } from "@darkroom/contracts";
import { ChevronDown, Copy, Download } from "lucide-react";
import { type ReactNode, useLayoutEffect, useState } from "react";
import { formatBytes, formatEta, formatSeconds } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { paths } from "../../../paths.ts";
import { type Provenance, useProvenance } from "../../../trpc/hooks/jobs/use-provenance.ts";
import { Button, buttonClasses } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Facts } from "../../../ui/facts.tsx";
import { Link } from "../../../ui/link.tsx";
import { Moment } from "../../../ui/moment.tsx";
import { fileNameOf } from "../job-title.ts";
import { NodeTimes } from "./node-times.tsx";

/** How the result was made, and how long each part took. Closed at first where there is little room. */
export function JobProvenance({ job }: { job: JobView }) {
  const [isOpen, setIsOpen] = useState(true);
  // The server does not know how wide the screen is.
  useLayoutEffect(() => setIsOpen(window.matchMedia("(min-width: 40rem)").matches), []);
  const made = useProvenance(isOpen && isTerminal(job.state) ? job.jobId : null, job.version);
  return (
    <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)} className="panel group">
      <summary className="flex items-center justify-between gap-3 p-5 list-none">
        <h2 className="font-display text-xl">{t`How it was made`}</h2>
        <ChevronDown aria-hidden className="size-5 text-faint transition-transform group-open:rotate-180" />
      </summary>
      <div className="space-y-5 px-5 pb-5">
        <Facts items={[...origin(job, made), ...times(job, made), ...file(job), ...identity(job)]} />
        {made !== undefined && made.nodes.length > 0 && <NodeTimes made={made} slug={job.workflow.slug} />}
        {made !== undefined && made.graph !== null && <GraphActions job={job} graph={made.graph} />}
      </div>
    </details>
  );
}

type Fact = readonly [name: string, value: ReactNode];

function origin(job: JobView, made: Provenance | undefined): Fact[] {
  const models = [...new Set(made?.models.map((model) => model.file))];
  const version = made?.comfyVersion == null ? null : t`ComfyUI ${made.comfyVersion}`;
  // Guests are not told which server it is.
  const server = version === null || job.backend === null ? (version ?? job.backend) : t`${version} on ${job.backend}`;
  return [
    [t`Workflow`, t`${workflowText(job.workflow.slug, job.workflow.name)}, version ${job.workflow.version}`],
    ...(models.length === 0 ? [] : [[models.length === 1 ? t`Model` : t`Models`, models.join(", ")] as const]),
    [t`Backend`, job.startedAt === null ? t`not started` : server || t`started`],
    [t`Attempts`, String(job.attempts)],
    ...(job.batchId === null
      ? []
      : [
          [
            t`Part of`,
            <Link key="batch" href={paths.batch(job.batchId)} className="text-safelight hover:underline">
              {t`a batch`}
            </Link>,
          ] as const,
        ]),
    ...(job.retryOf === null
      ? []
      : [
          [
            t`Made from`,
            <Link key="from" href={paths.job(job.retryOf)} className="text-safelight hover:underline">
              {t`an earlier job`}
            </Link>,
          ] as const,
        ]),
  ];
}

function times({ durations, waitSeconds, etaSeconds }: JobView, made: Provenance | undefined): Fact[] {
  const { wait, load, sample, run } = durations;
  const expected =
    waitSeconds === null || etaSeconds === null
      ? null
      : t`starts in ${formatEta(waitSeconds)}, runs ${formatEta(etaSeconds - waitSeconds)}`;
  const shown: (readonly [string, string | null])[] = [
    [t`Expected`, expected],
    [t`Waited`, secondsText(wait)],
    [t`Loading`, made?.isCold == null ? secondsText(load) : loadText(made)],
    [t`Sampling`, secondsText(made?.samplingMs == null ? sample : made.samplingMs / 1000)],
    [t`From start to end`, secondsText(run)],
  ];
  return shown.filter(([, value]) => value !== null);
}

const secondsText = (seconds: number | null): string | null => (seconds === null ? null : formatSeconds(seconds));

function loadText({ isCold, modelLoadMs }: Provenance): string {
  const took = modelLoadMs === null ? null : formatSeconds(modelLoadMs / 1000);
  if (isCold === true) return took === null ? t`the model had to be loaded` : t`${took}, the model had to be loaded`;
  // What a sampler takes before its first step is some of it even then, and is not among its steps.
  return modelLoadMs !== null && modelLoadMs >= 100
    ? t`${took ?? ""}, the model was in memory`
    : t`none, the model was in memory`;
}

function file({ outputs }: JobView): Fact[] {
  const [output] = outputs;
  if (output === undefined) return [];
  if (outputs.length > 1) {
    const bytes = outputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return [[t`Files`, t`${outputs.length}, ${formatBytes(bytes)} in all`]];
  }
  const { mimeType, width, height, sizeBytes } = output;
  const size = width === null || height === null ? [] : [`${width} × ${height}`];
  return [[t`File`, [mimeType, ...size, formatBytes(sizeBytes)].join(", ")]];
}

function identity(job: JobView): Fact[] {
  return [
    [t`Created`, <Moment key="created" at={job.createdAt} />],
    [t`Job`, <Id key="job" id={job.jobId} what={t`job's id`} />],
    ...(job.requestId === null
      ? []
      : [[t`Request`, <Id key="request" id={job.requestId} what={t`request's id`} />] satisfies Fact]),
  ];
}

/** To be found in the logs. */
function Id({ id, what }: { id: string; what: string }) {
  return (
    <CopyButton
      text={id}
      what={what}
      className="inline-flex min-h-6 items-center gap-1.5 rounded font-mono text-xs break-all text-left hover:underline"
    >
      {id}
    </CopyButton>
  );
}

/** The graph as it was sent: ComfyUI opens it as it is. */
function GraphActions({ job, graph }: { job: JobView; graph: object }) {
  const text = graphText(graph, 2);
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = fileNameOf(job, "application/json");
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="flex flex-wrap gap-2">
      <CopyButton text={text} what={t`graph`} className={buttonClasses({ size: "small" })}>
        <Copy aria-hidden className="size-3.5" /> {t`Copy the graph`}
      </CopyButton>
      <Button size="small" onClick={save} title={t`In ComfyUI's API format: ComfyUI opens it as it is`}>
        <Download aria-hidden className="size-3.5" /> {t`Download the graph`}
      </Button>
    </div>
  );
}
