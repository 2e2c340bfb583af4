"use client";

import { ChevronRight, FileUp } from "lucide-react";
import { t } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { paths } from "../../../paths.ts";
import { useAllWorkflows, type WorkflowEntry } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Button, buttonClasses } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { AllowedNodes } from "./allowed-nodes.tsx";
import { StateChip } from "./state-chip.tsx";

/** Every workflow with where it stands, and the way to a new one. */
export function WorkflowList() {
  const { workflows, error, retry } = useAllWorkflows();
  const shown = workflows?.filter(({ archived }) => !archived);
  const archived = workflows?.filter((workflow) => workflow.archived) ?? [];
  return (
    <div className="mx-auto max-w-5xl space-y-8">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div className="space-y-1">
          <h1 className="font-display text-4xl">{t`Workflows`}</h1>
          <p className="text-muted">{t`What can be made here. Bring your own from ComfyUI.`}</p>
        </div>
        <Link href={paths.workflowImport} className={buttonClasses({ look: "primary" })}>
          <FileUp aria-hidden className="size-4" /> {t`Import a workflow`}
        </Link>
      </header>
      {error !== null && workflows === undefined ? (
        <Notice
          title={t`The workflows could not be loaded.`}
          action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
        >
          {error.message}
        </Notice>
      ) : shown === undefined ? (
        <Skeleton className="h-80 rounded-2xl" />
      ) : (
        <Entries workflows={shown} />
      )}
      {archived.length > 0 && (
        <details className="group space-y-3">
          <summary className="flex min-h-9 items-center gap-1.5 rounded-lg text-sm font-medium text-muted hover:text-ink">
            <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
            {t`Archived (${archived.length})`}
          </summary>
          <Entries workflows={archived} />
        </details>
      )}
      <AllowedNodes />
    </div>
  );
}

function Entries({ workflows }: { workflows: readonly WorkflowEntry[] }) {
  return (
    <ul className="panel divide-y overflow-hidden">
      {workflows.map((workflow) => (
        <li key={workflow.workflowId}>
          <Link
            href={paths.workflow(workflow.slug)}
            className="group flex items-center gap-4 p-4 transition-colors hover:bg-raised focus-visible:-outline-offset-2"
          >
            <div className="min-w-0 flex-1 space-y-0.5">
              <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="font-medium">{workflowText(workflow.slug, workflow.name)}</span>
                <WorkflowState workflow={workflow} />
              </p>
              {workflow.description !== "" && (
                <p className="text-sm text-muted">{workflowText(workflow.slug, workflow.description)}</p>
              )}
              <p className="font-mono text-xs text-faint">{workflow.slug}</p>
            </div>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-faint group-hover:text-ink" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function WorkflowState({ workflow }: { workflow: WorkflowEntry }) {
  const { archived, published, version, latestVersion = version } = workflow;
  if (archived) return <StateChip look="quiet">{t`Archived`}</StateChip>;
  return (
    <>
      {published ? (
        <StateChip look="good">{t`Published, version ${version}`}</StateChip>
      ) : (
        <StateChip look="warn">{t`Not published`}</StateChip>
      )}
      {published && latestVersion > version && <StateChip look="warn">{t`Draft ${latestVersion}`}</StateChip>}
    </>
  );
}
