"use client";

import type { JobView } from "@darkroom/contracts";
import { Copy } from "lucide-react";
import { t } from "../../../language/say.ts";
import { useTimeline } from "../../../trpc/hooks/jobs/use-job.ts";
import { buttonClasses } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { snippets } from "./code-snippets.ts";

/** The job for those who program: how to ask for it again, and what the API says of it. */
export function JobCode({ job }: { job: JobView }) {
  const events = useTimeline(job.jobId, job.version);
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap gap-2">
        {snippets(job, window.location.origin).map(({ name, text }) => (
          <CopyButton key={name} text={text} what={t`${name} call`} className={buttonClasses({ size: "small" })}>
            <Copy aria-hidden className="size-3.5" /> {t`Copy as ${name}`}
          </CopyButton>
        ))}
      </div>
      <Json title={t`Job`} label={t`Job as JSON`} what={t`job as JSON`} value={job} />
      <Json title={t`Events`} label={t`Events as JSON`} what={t`events as JSON`} value={events ?? []} />
    </div>
  );
}

interface JsonProps {
  readonly title: string;
  /** Of the section, for who does not see it. */
  readonly label: string;
  /** For the copy button. */
  readonly what: string;
  readonly value: unknown;
}

function Json({ title, label, what, value }: JsonProps) {
  const text = JSON.stringify(value, null, 2);
  return (
    <section aria-label={label} className="space-y-2">
      <div className="flex items-center justify-between">
        <h3 className="text-sm font-medium">{title}</h3>
        <CopyButton text={text} what={what} className={buttonClasses({ look: "quiet", size: "small" })}>
          <Copy aria-hidden className="size-3.5" /> {t`Copy`}
        </CopyButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <pre tabIndex={0} className="max-h-72 overflow-auto rounded-lg bg-mat p-3 font-mono text-xs">
        {text}
      </pre>
    </section>
  );
}
