"use client";

import { useState } from "react";
import { t } from "../../../language/say.ts";
import { type DraftWorkflow, useWorkflowActions } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Button } from "../../../ui/button.tsx";
import { GraphDrop } from "./graph-drop.tsx";
import { WorkflowEditor } from "./workflow-editor.tsx";

/** From a graph to a saved draft, in two steps on one page. */
export function ImportWorkflow() {
  const { importGraph } = useWorkflowActions();
  const [draft, setDraft] = useState<DraftWorkflow | null>(null);
  if (draft !== null) {
    return (
      <WorkflowEditor
        draft={draft}
        of={null}
        heading={
          <header className="flex flex-wrap items-end justify-between gap-3">
            <div className="space-y-1">
              <h1 className="font-display text-4xl">{t`Import a workflow`}</h1>
              <p className="text-muted">{t`Name it, and choose what people may set.`}</p>
            </div>
            <Button look="quiet" onClick={() => setDraft(null)}>
              {t`Start over`}
            </Button>
          </header>
        }
      />
    );
  }
  const take = (graph: string, name: string | null): void => {
    const readable = name
      ?.replaceAll(/[_-]+/g, " ")
      .replace(/\b(api|workflow)\b/gi, "")
      // `boat.workflow.json` is the boat.
      .replace(/[\s.]+$/, "")
      .trim();
    importGraph.mutate(
      { graph, ...(readable ? { name: readable.slice(0, 80) } : {}) },
      { onSuccess: (answer) => setDraft(answer) },
    );
  };
  return (
    <div className="mx-auto max-w-2xl space-y-6">
      <header className="space-y-1">
        <h1 className="font-display text-4xl">{t`Import a workflow`}</h1>
        <p className="text-muted">
          {t`Bring a graph from ComfyUI. It is checked against the connected servers before anything is saved.`}
        </p>
      </header>
      <GraphDrop isBusy={importGraph.isPending} problem={importGraph.error?.message ?? null} onGraph={take} />
    </div>
  );
}
