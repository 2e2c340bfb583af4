"use client";

import { ExternalLink, Pin, SquarePen, TextQuote } from "lucide-react";
import type { SyntheticEvent } from "react";
import { t } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { paths, type Use } from "../../../paths.ts";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Link } from "../../../ui/link.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { jobTitle } from "../job-title.ts";
import { outputSummary } from "../output/output-kind.ts";
import { UsePicture } from "../output/use-picture.tsx";
import { RepeatButtons } from "../repeat-buttons.tsx";
import type { Picture } from "./pictures.ts";

/** What happens here is no swipe, no zoom and no key of the pictures behind it. */
const keep = (event: SyntheticEvent): void => event.stopPropagation();
const apart = {
  onPointerDown: keep,
  onPointerMove: keep,
  onPointerUp: keep,
  onWheel: keep,
  onTouchStart: keep,
  onDoubleClick: keep,
};

const link =
  "inline-flex min-h-9 items-center gap-2 rounded-lg border border-white/15 px-3 text-sm text-[#f4ece5] hover:bg-white/10";

/** How the open picture was made, and ways to use that again. `onLeave` closes the lightbox before a page changes. */
export function LightboxDetails({ job, output, onLeave }: Picture & { onLeave: () => void }) {
  const { prompt, negativePrompt } = job.inputs;
  const seed = output.seed ?? job.seed;
  const hasPrompt = typeof prompt === "string" && prompt.trim() !== "";
  const to = (use?: Use) => ({
    href: paths.studioFrom(job.jobId, use),
    onClick: onLeave,
    className: link,
  });
  return (
    <aside aria-label={t`Details`} className="lightbox-details" {...apart}>
      <div className="space-y-2">
        <h2 className="font-display text-xl text-[#f4ece5]">
          {hasPrompt ? t`Prompt` : workflowText(job.workflow.slug, job.workflow.name)}
        </h2>
        <p className="max-h-[34vh] overflow-y-auto text-[0.9375rem] leading-relaxed whitespace-pre-wrap break-words select-text">
          {jobTitle(job)}
        </p>
        {hasPrompt && (
          <CopyButton
            text={prompt}
            what={t`prompt`}
            className="rounded text-sm text-[#cfc0b4] underline-offset-4 hover:underline"
          >
            {t`Copy the prompt`}
          </CopyButton>
        )}
        {typeof negativePrompt === "string" && negativePrompt !== "" && (
          <p className="text-sm text-[#b3a396] select-text">{t`Without: ${negativePrompt}`}</p>
        )}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm text-[#b3a396] [&_dd]:text-[#f4ece5]">
        {seed !== null && (
          <>
            <dt>{t`Seed`}</dt>
            <dd>
              <CopyButton
                text={String(seed)}
                what={t`seed`}
                className="rounded font-mono text-[#f2b866] hover:underline"
              >
                <span className="sr-only">{t`Copy`} </span>
                {seed}
              </CopyButton>
            </dd>
          </>
        )}
        <dt>{t`Made with`}</dt>
        <dd>{workflowText(job.workflow.slug, job.workflow.name)}</dd>
        <dt>{t`File`}</dt>
        <dd className="tabular-nums">{outputSummary(output)}</dd>
        <dt>{t`Made`}</dt>
        <dd>
          <TimeAgo at={job.createdAt} />
        </dd>
      </dl>
      <div className="flex flex-wrap gap-2">
        {hasPrompt && (
          <Link {...to("prompt")} title={t`Use this prompt (P)`}>
            <TextQuote aria-hidden className="size-4" /> {t`Use this prompt`}
          </Link>
        )}
        {seed !== null && (
          <Link {...to("seed")} title={t`Use this seed (S)`}>
            <Pin aria-hidden className="size-4" /> {t`Use this seed`}
          </Link>
        )}
        <RepeatButtons job={job} className={link} />
        <Link {...to()} title={t`Edit and run (A)`}>
          <SquarePen aria-hidden className="size-4" /> {t`Edit and run`}
        </Link>
        {output.kind === "image" && <UsePicture output={output} onLeave={onLeave} className={link} />}
        <Link href={paths.job(job.jobId)} onClick={onLeave} className={link}>
          <ExternalLink aria-hidden className="size-4" /> {t`Its page`}
        </Link>
      </div>
    </aside>
  );
}
