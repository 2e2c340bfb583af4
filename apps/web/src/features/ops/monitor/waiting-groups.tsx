import { formatSeconds } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import type { Overview } from "../../../trpc/hooks/operators/use-monitor.ts";
import { filesOf } from "../backend-facts.ts";

type Group = Overview["waiting"]["workflows"][number];

/** Waiting jobs by workflow, by person, and by what a backend must have. */
export function WaitingGroups({ waiting: { workflows, owners, pools } }: { readonly waiting: Overview["waiting"] }) {
  if (workflows.length === 0) return <p className="panel p-4 text-muted">{t`Nobody waits.`}</p>;
  return (
    <div className="grid items-start gap-4 md:grid-cols-3">
      <Groups title={t`By workflow`} groups={workflows} nameOf={({ name, key }) => workflowText(key, name ?? key)} />
      <Groups title={t`By person`} groups={owners} nameOf={({ name, key }) => name ?? t`Guest ${key.slice(-6)}`} />
      <Groups
        title={t`By what it needs`}
        groups={pools}
        nameOf={({ name }) => (name === null ? t`no model` : filesOf(name).join(", "))}
      />
    </div>
  );
}

function Groups({
  title,
  groups,
  nameOf,
}: {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly nameOf: (group: Group) => string;
}) {
  const most = Math.max(1, ...groups.map(({ waiting }) => waiting));
  return (
    <div className="panel p-4">
      <h3 className="mb-3 text-sm font-medium">{title}</h3>
      <ol className="space-y-2.5">
        {groups.map((group) => (
          <li key={group.key} className="text-sm">
            <p className="flex justify-between gap-3">
              <span className="truncate" title={`${nameOf(group)} (${group.key})`}>
                {nameOf(group)}
              </span>
              <span className="shrink-0 text-muted tabular-nums">
                {group.oldestWaitSeconds !== null && (
                  <span>{t`up to ${formatSeconds(group.oldestWaitSeconds)}`} · </span>
                )}
                <span className="text-ink">{group.waiting}</span>
              </span>
            </p>
            <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-line">
              <div className="h-full rounded-full bg-edge" style={{ width: `${(group.waiting / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}
