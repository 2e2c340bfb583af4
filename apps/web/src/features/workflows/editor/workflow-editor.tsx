"use client";

import { slugFrom } from "@darkroom/contracts";
import { ChevronRight, Save } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import { t, tPlural } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import { type DraftWorkflow, useCheck, useWorkflowActions } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Button } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { describedBy, FieldFrame } from "../controls/field-frame.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { definitionOf, detailProblems, type EditorState, editorState, moved, withRow } from "./editor-state.ts";
import { InputRow } from "./input-row.tsx";

interface WorkflowEditorProps {
  readonly draft: DraftWorkflow;
  /** The workflow that this will be a new version of, and the version it is made from; null: a new workflow. */
  readonly of: { readonly slug: string; readonly basedOn: number } | null;
  readonly heading: ReactNode;
}

/** A draft on its way to a version: what it is called, which inputs the form asks for, and what a check says meanwhile. */
export function WorkflowEditor({ draft, of, heading }: WorkflowEditorProps) {
  const router = useRouter();
  const [state, setState] = useState(() => editorState(draft));
  const [note, setNote] = useState("");
  const [wasTried, setWasTried] = useState(false);
  const { save } = useWorkflowActions();
  const definition = useMemo(() => definitionOf(draft.definition, state), [draft.definition, state]);
  const { report, isChecking, refusal, recheck } = useCheck(definition, draft.report);
  const problems = detailProblems(state);
  const set = (change: Partial<EditorState>): void => setState((held) => ({ ...held, ...change }));

  async function submit(): Promise<void> {
    setWasTried(true);
    if (Object.keys(problems).length > 0) return;
    const target = of === null ? {} : { workflow: of.slug, basedOn: of.basedOn };
    const saved = await save.mutateAsync({ definition, note: note.trim() || undefined, ...target }).catch(() => null);
    if (saved !== null) router.push(paths.workflow(saved.slug, saved.version));
  }

  const shown = wasTried ? problems : {};
  const chosen = state.rows.filter(({ isChosen }) => isChosen);
  const others = state.rows.filter(({ isChosen }) => !isChosen);
  const rowOf = (row: EditorState["rows"][number]) => (
    <InputRow
      key={row.key}
      row={row}
      findings={row.isChosen ? report.findings.filter((one) => one.parameter === row.parameter.name) : []}
      onChange={(change) => setState((held) => withRow(held, row.key, change))}
      onMove={(by) => setState((held) => moved(held, row.key, by))}
    />
  );
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="min-w-0 space-y-6">
        {heading}
        <Details state={state} problems={shown} isNew={of === null} onChange={set} />
        <section className="space-y-3" aria-labelledby="inputs-heading">
          <div>
            <h2 id="inputs-heading" className="font-display text-2xl">
              {t`Inputs`}
            </h2>
            <p className="text-sm text-muted">
              {t`What is ticked, the form asks for, in this order. Everything else stays as it is in the graph.`}
            </p>
          </div>
          <ul className="panel divide-y" aria-label={t`Inputs of the form`}>
            {chosen.length === 0 ? (
              <li className="p-4 text-sm text-muted">{t`None yet: tick some below.`}</li>
            ) : (
              chosen.map(rowOf)
            )}
          </ul>
          {others.length > 0 && (
            <details className="group">
              <summary className="flex min-h-9 items-center gap-1.5 rounded-lg text-sm font-medium text-muted hover:text-ink">
                <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
                {tPlural(others.length, "{0} more that could be asked for", "{0} more that could be asked for")}
              </summary>
              <ul className="panel mt-2 divide-y" aria-label={t`Inputs that stay fixed`}>
                {others.map(rowOf)}
              </ul>
            </details>
          )}
        </section>
        <Outputs draft={draft} state={state} problem={shown.outputs} onChange={set} />
      </div>
      <div className="space-y-4 lg:sticky lg:top-20">
        <CheckPanel report={report} isChecking={isChecking} problem={refusal?.message} onRecheck={recheck} />
        <section className="panel space-y-3 p-5" aria-label={t`Save`}>
          <FieldFrame id="version-note" label={t`What is new (optional)`}>
            <input
              id="version-note"
              className="field"
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </FieldFrame>
          {save.error !== null && <Notice title={t`It was not saved.`}>{save.error.message}</Notice>}
          {wasTried && Object.keys(problems).length > 0 && (
            <p className="text-sm text-bad">{Object.values(problems).join(" ")}</p>
          )}
          <Button
            look="primary"
            size="large"
            className="w-full"
            disabled={save.isPending}
            onClick={() => void submit()}
          >
            <Save aria-hidden className="size-4.5" />
            {of === null ? t`Save as a draft` : t`Save as version ${of.basedOn + 1}`}
          </Button>
          <p className="text-xs text-faint">{t`Only operators see a draft, until you publish it.`}</p>
        </section>
      </div>
    </div>
  );
}

interface DetailsProps {
  readonly state: EditorState;
  readonly problems: ReturnType<typeof detailProblems>;
  readonly isNew: boolean;
  readonly onChange: (change: Partial<EditorState>) => void;
}

function Details({ state, problems, isNew, onChange }: DetailsProps) {
  const { name, slug, description, timeout } = state;
  const timeoutHelp = t`Counted from when its server begins it. Empty: the installation's limit.`;
  // Until somebody writes a slug of their own, it follows the name.
  const rename = (next: string): void =>
    onChange(
      isNew && [slug, slug.replace(/-\d+$/, "")].includes(slugFrom(name))
        ? { name: next, slug: slugFrom(next) }
        : { name: next },
    );
  return (
    <section className="panel grid gap-4 p-5 sm:grid-cols-2" aria-label={t`Details`}>
      <FieldFrame id="workflow-name" label={t`Name`} problem={problems.name}>
        <input
          id="workflow-name"
          className="field"
          maxLength={80}
          value={name}
          aria-invalid={problems.name !== undefined}
          onChange={(event) => rename(event.target.value)}
        />
      </FieldFrame>
      <FieldFrame
        id="workflow-slug"
        label={t`Slug`}
        problem={problems.slug}
        help={t`Callers ask for it by this name, for good.`}
      >
        <input
          id="workflow-slug"
          className="field font-mono text-sm"
          maxLength={64}
          value={slug}
          disabled={!isNew}
          aria-invalid={problems.slug !== undefined}
          aria-describedby="workflow-slug-help"
          onChange={(event) => onChange({ slug: event.target.value })}
        />
      </FieldFrame>
      <div className="sm:col-span-2">
        <FieldFrame id="workflow-description" label={t`Description`}>
          <input
            id="workflow-description"
            className="field"
            maxLength={500}
            placeholder={t`One sentence about what it makes.`}
            value={description}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        </FieldFrame>
      </div>
      <FieldFrame
        id="workflow-timeout"
        label={t`Stop a job after … seconds`}
        problem={problems.timeout}
        help={timeoutHelp}
      >
        <input
          id="workflow-timeout"
          className="field"
          inputMode="numeric"
          maxLength={8}
          value={timeout}
          aria-invalid={problems.timeout !== undefined}
          aria-describedby={describedBy("workflow-timeout", {
            help: timeoutHelp,
            ...(problems.timeout && { problem: problems.timeout }),
          })}
          onChange={(event) => onChange({ timeout: event.target.value })}
        />
      </FieldFrame>
    </section>
  );
}

interface OutputsProps {
  readonly draft: DraftWorkflow;
  readonly state: EditorState;
  readonly problem: string | undefined;
  readonly onChange: (change: Partial<EditorState>) => void;
}

function Outputs({ draft, state, problem, onChange }: OutputsProps) {
  const choose = (nodeId: string, isChosen: boolean): void =>
    onChange({ outputs: isChosen ? [...state.outputs, nodeId] : state.outputs.filter((held) => held !== nodeId) });
  return (
    <section className="space-y-3" aria-labelledby="outputs-heading">
      <div>
        <h2 id="outputs-heading" className="font-display text-2xl">
          {t`Outputs`}
        </h2>
        <p className="text-sm text-muted">{t`The nodes whose files are the result.`}</p>
      </div>
      {draft.outputs.length === 0 ? (
        <p className="panel p-4 text-sm text-muted">
          {t`No node of this graph is known to save anything. Add a Save Image node in ComfyUI and export again.`}
        </p>
      ) : (
        <ul className="panel divide-y">
          {draft.outputs.map(({ nodeId, title, classType }) => (
            <li key={nodeId}>
              <label className="flex min-h-12 cursor-pointer items-center gap-3 px-4 py-2">
                <input
                  type="checkbox"
                  className="size-5 accent-(--safelight-strong)"
                  checked={state.outputs.includes(nodeId)}
                  onChange={(event) => choose(nodeId, event.target.checked)}
                />
                <span className="font-medium">{title}</span>
                <span className="text-xs text-faint">{t`${classType}, node ${nodeId}`}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
      {problem !== undefined && <p className="text-sm text-bad">{problem}</p>}
    </section>
  );
}
