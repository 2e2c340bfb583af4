"use client";

import { useState } from "react";
import { t, tNodes } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { paths } from "../../../paths.ts";
import {
  type DraftWorkflow,
  useSource,
  useWorkflowActions,
  type WorkflowSource,
} from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Button } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { GraphDrop } from "./graph-drop.tsx";
import { WorkflowEditor } from "./workflow-editor.tsx";

/** A new version of a workflow, from one of its versions, with the same graph or another. */
export function EditWorkflow({ slug, version }: { slug: string; version: number }) {
  const { source, error, retry } = useSource(slug, version);
  if (source !== undefined) return <Editing key={`${slug} ${version}`} opened={source} />;
  if (error === null) return <Skeleton className="h-96 rounded-2xl" />;
  return (
    <Notice
      title={t`This workflow could not be loaded.`}
      action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
    >
      {error.message}
    </Notice>
  );
}

function Editing({ opened }: { opened: WorkflowSource }) {
  // As it was when the editor opened: a version that somebody saves meanwhile must be noticed when this one is saved.
  const [source] = useState(opened);
  const { slug, version, latestVersion } = source;
  const { importGraph } = useWorkflowActions();
  const [draft, setDraft] = useState<DraftWorkflow | null>(null);
  const [isReplacing, setIsReplacing] = useState(false);
  const shown = draft ?? source;
  const replace = (graph: string): void =>
    importGraph.mutate(
      { graph, workflow: slug },
      {
        onSuccess: (answer) => {
          setDraft(answer);
          setIsReplacing(false);
        },
      },
    );
  const heading = (
    <header className="flex flex-wrap items-end justify-between gap-3">
      <div className="space-y-1">
        <h1 className="font-display text-4xl">{workflowText(slug, source.name)}</h1>
        <p className="text-muted">
          {tNodes`A new version, made from ${(
            <Link href={paths.workflow(slug, version)} className="text-safelight underline">
              {t`version ${version}`}
            </Link>
          )}.`}
        </p>
      </div>
      <Button onClick={() => setIsReplacing(!isReplacing)}>
        {isReplacing ? t`Keep the graph` : t`Replace the graph`}
      </Button>
    </header>
  );
  if (isReplacing) {
    return (
      <div className="mx-auto max-w-2xl space-y-6">
        {heading}
        <GraphDrop isBusy={importGraph.isPending} problem={importGraph.error?.message ?? null} onGraph={replace} />
      </div>
    );
  }
  return (
    <WorkflowEditor
      key={draft === null ? "stored" : JSON.stringify(draft.definition.graph)}
      draft={shown}
      of={{ slug, basedOn: latestVersion }}
      heading={heading}
    />
  );
}
