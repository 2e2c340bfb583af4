"use client";

import { Archive, ArchiveRestore, Pencil, Rocket } from "lucide-react";
import { useState } from "react";
import { t } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { paths } from "../../../paths.ts";
import {
  useDiff,
  useSource,
  useVersions,
  useWorkflowActions,
  type VersionView,
  type WorkflowSource,
} from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Button, buttonClasses } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { ExportWorkflow } from "../export/export-workflow.tsx";
import { ChangeList } from "./change-list.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { StateChip } from "./state-chip.tsx";
import { TryPanel } from "./try-panel.tsx";

/** A workflow: its versions, and one of them with its check, its changes and a form to try it. */
export function WorkflowPage({ slug, wanted }: { slug: string; wanted: number | null }) {
  const { versions, error, retry } = useVersions(slug);
  const current = versions?.find((version) => version.current);
  const chosen = versions?.find(({ version }) => version === wanted) ?? versions?.[0];
  const { source, retry: recheck } = useSource(slug, chosen?.version);
  if (error !== null && versions === undefined) {
    return (
      <Notice
        title={t`This workflow could not be loaded.`}
        action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
      >
        {error.message}
      </Notice>
    );
  }
  if (versions === undefined || chosen === undefined || source === undefined) {
    return <Skeleton className="h-96 rounded-2xl" />;
  }
  return (
    <div className="space-y-6">
      <Heading source={source} version={chosen} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_24.5rem]">
        <div className="min-w-0 space-y-6">
          <Version
            key={chosen.version}
            source={source}
            version={chosen}
            currentVersion={current?.version ?? null}
            onRecheck={() => void recheck()}
          />
          <VersionList slug={slug} versions={versions} chosen={chosen.version} isPublished={source.published} />
        </div>
        <TryPanel slug={slug} version={chosen.version} />
      </div>
    </div>
  );
}

function Heading({ source, version }: { source: WorkflowSource; version: VersionView }) {
  const { archive } = useWorkflowActions();
  const { slug, name, archived, definition } = source;
  return (
    <header className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="min-w-0 space-y-1">
          <p className="text-sm">
            <Link href={paths.workflows} className="text-muted hover:text-ink hover:underline">
              {t`Workflows`}
            </Link>{" "}
            <span className="font-mono text-xs text-faint">/ {slug}</span>
          </p>
          <h1 className="font-display text-4xl break-words">{workflowText(slug, name)}</h1>
          {definition.description !== "" && <p className="text-muted">{workflowText(slug, definition.description)}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <Link href={paths.workflowEdit(slug, version.version)} className={buttonClasses()}>
            <Pencil aria-hidden className="size-4" /> {t`Edit`}
          </Link>
          <ExportWorkflow slug={slug} name={workflowText(slug, name)} version={version.version} />
          <Button disabled={archive.isPending} onClick={() => archive.mutate({ workflow: slug, archived: !archived })}>
            {archived ? <ArchiveRestore aria-hidden className="size-4" /> : <Archive aria-hidden className="size-4" />}
            {archived ? t`Bring back` : t`Archive`}
          </Button>
        </div>
      </div>
      {archived && (
        <p className="rounded-xl border bg-raised p-3 text-sm text-muted">
          {t`Archived: nobody is offered it. Its jobs and versions stay.`}
        </p>
      )}
      {archive.error !== null && <Notice title={t`That did not work.`}>{archive.error.message}</Notice>}
    </header>
  );
}

interface VersionProps {
  readonly source: WorkflowSource;
  readonly version: VersionView;
  readonly currentVersion: number | null;
  readonly onRecheck: () => void;
}

/** One version: whether it runs, what it would change, and the button that makes it everyone's. */
function Version({ source, version, currentVersion, onRecheck }: VersionProps) {
  const { slug, published, report } = source;
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const isCurrent = published && version.current;
  const between =
    published && currentVersion !== null && !isCurrent ? { from: currentVersion, to: version.version } : null;
  const diff = useDiff(slug, between);
  const accept = (id: string, isAccepted: boolean): void => {
    const next = new Set(accepted);
    if (isAccepted) next.add(id);
    else next.delete(id);
    setAccepted(next);
  };
  const accepting = { accepted, onAccept: accept };
  const open = [
    ...report.findings.filter(
      ({ severity, acceptable, id }) => severity === "error" && !(acceptable && accepted.has(id)),
    ),
    ...(diff?.changes.filter(({ breaking, id }) => breaking && !accepted.has(id)) ?? []),
  ].length;
  const isComparing = between !== null && diff === undefined;
  return (
    <>
      {!(isCurrent && !source.archived) && (
        <Publish source={source} version={version} accepted={accepted} open={open} isComparing={isComparing} />
      )}
      {between !== null && <ChangeList changes={diff?.changes} from={between.from} accepting={accepting} />}
      <CheckPanel
        report={report}
        isChecking={false}
        accepting={isCurrent ? undefined : accepting}
        onRecheck={onRecheck}
      />
    </>
  );
}

interface PublishProps {
  readonly source: WorkflowSource;
  readonly version: VersionView;
  readonly accepted: ReadonlySet<string>;
  /** What is neither in order nor accepted. */
  readonly open: number;
  readonly isComparing: boolean;
}

function Publish({ source, version, accepted, open, isComparing }: PublishProps) {
  const { publish } = useWorkflowActions();
  const isFirst = !source.published;
  return (
    <section className="panel flex flex-wrap items-center justify-between gap-4 p-5" aria-label={t`Publish`}>
      <div className="min-w-0 flex-1 basis-64 space-y-1">
        <p className="font-medium">
          {isFirst ? t`Not published yet` : t`Version ${version.version} is not the current one`}
        </p>
        <p className="text-sm text-muted">
          {open > 0
            ? t`Something below keeps it from being published: put it right, or accept it.`
            : isFirst
              ? t`Everyone will find it in the studio and in the API.`
              : t`Everyone who does not name a version gets this one from then on.`}
        </p>
      </div>
      <Button
        look="primary"
        disabled={open > 0 || isComparing || publish.isPending}
        onClick={() => publish.mutate({ workflow: source.slug, version: version.version, accept: [...accepted] })}
      >
        <Rocket aria-hidden className="size-4" /> {t`Publish version ${version.version}`}
      </Button>
      {publish.error !== null && (
        <div className="basis-full">
          <Notice title={t`It was not published.`}>{publish.error.message}</Notice>
        </div>
      )}
    </section>
  );
}

interface VersionListProps {
  readonly slug: string;
  readonly versions: readonly VersionView[];
  readonly chosen: number;
  readonly isPublished: boolean;
}

function VersionList({ slug, versions, chosen, isPublished }: VersionListProps) {
  return (
    <section className="space-y-3" aria-labelledby="versions-heading">
      <h2 id="versions-heading" className="font-display text-2xl">
        {t`Versions`}
      </h2>
      <ol className="panel divide-y overflow-hidden">
        {versions.map(({ version, current, publishedAt, createdAt, createdBy, note }) => (
          <li key={version}>
            <Link
              href={paths.workflow(slug, version)}
              replace
              scroll={false}
              aria-current={version === chosen ? "true" : undefined}
              className={cx(
                "flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3 transition-colors hover:bg-raised focus-visible:-outline-offset-2",
                version === chosen && "bg-safelight/8",
              )}
            >
              <span className="font-medium tabular-nums">{t`Version ${version}`}</span>
              {current && isPublished ? (
                <StateChip look="good">{t`Current`}</StateChip>
              ) : publishedAt !== null ? (
                <StateChip look="quiet">{t`Published before`}</StateChip>
              ) : (
                <StateChip look="warn">{t`Draft`}</StateChip>
              )}
              <span className="ml-auto text-xs text-faint">
                {createdBy !== null && `${createdBy}, `}
                <TimeAgo at={createdAt} />
              </span>
              {note !== null && <span className="basis-full text-sm text-muted">{note}</span>}
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
