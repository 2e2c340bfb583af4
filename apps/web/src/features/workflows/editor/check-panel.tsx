"use client";

import { hasRole } from "@darkroom/contracts";
import { CircleCheck, LoaderCircle, RotateCw } from "lucide-react";
import { t, tPlural } from "../../../language/say.ts";
import { useSession } from "../../../trpc/hooks/account/use-session.ts";
import { type CheckReport, useWorkflowActions } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { FindingList } from "./finding-list.tsx";

interface CheckPanelProps {
  readonly report: CheckReport;
  readonly isChecking: boolean;
  /** Why the last check failed. */
  readonly problem?: string | null;
  readonly accepting?: Parameters<typeof FindingList>[0]["accepting"];
  readonly onRecheck: () => void;
}

/** The findings of a check and the backends it was made for; admins can allow the nodes it names. */
export function CheckPanel({ report, isChecking, problem = null, accepting, onRecheck }: CheckPanelProps) {
  const { findings, backends } = report;
  const denied = findings.filter(({ code }) => code === "NODE_NOT_ALLOWED").flatMap(({ classType }) => classType ?? []);
  return (
    <section className="panel space-y-4 p-5" aria-labelledby="check-heading" aria-busy={isChecking}>
      <div className="flex items-center justify-between gap-3">
        <h2 id="check-heading" className="font-display text-2xl">
          {t`Check`}
        </h2>
        <IconButton label={t`Check again`} disabled={isChecking} onClick={onRecheck}>
          {isChecking ? (
            <LoaderCircle aria-hidden className="size-4 animate-spin" />
          ) : (
            <RotateCw aria-hidden className="size-4" />
          )}
        </IconButton>
      </div>
      {problem !== null && <Notice title={t`It could not be checked.`}>{problem}</Notice>}
      <p className="flex items-start gap-2 text-sm text-muted">
        {report.ok && <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-good" />}
        {summaryOf(report)}
      </p>
      {findings.length > 0 && <FindingList findings={findings} accepting={accepting} />}
      {denied.length > 0 && <AllowNodes nodes={denied} onAllowed={onRecheck} />}
      {backends.length > 1 && (
        <ul className="space-y-1 border-t pt-3 text-sm">
          {backends.map(({ backendId, canRun }) => (
            <li key={backendId} className="flex justify-between gap-3">
              <span className="truncate font-mono text-xs leading-5">{backendId}</span>
              <span className={canRun ? "text-good" : "text-bad"}>{canRun ? t`can run it` : t`cannot`}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function summaryOf({ ok, findings, backends }: CheckReport): string {
  const able = backends.filter(({ canRun }) => canRun).length;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (!ok) return tPlural(errors, "{0} thing to put right.", "{0} things to put right.");
  if (backends.length === 0) return t`Nothing is wrong with it. Whether a server can run it is not known yet.`;
  if (able < backends.length) return t`Ready to run on ${able} of ${backends.length} backends.`;
  return tPlural(able, "Ready to run on {0} backend.", "Ready to run on {0} backends.");
}

function AllowNodes({ nodes, onAllowed }: { nodes: readonly string[]; onAllowed: () => void }) {
  const { session } = useSession();
  const { allowNodes } = useWorkflowActions();
  if (session === undefined || !hasRole(session.role, "admin")) {
    return <p className="text-sm text-muted">{t`Ask an admin to allow ${nodes.join(", ")}.`}</p>;
  }
  return (
    <div className="space-y-2">
      {allowNodes.error !== null && <Notice title={t`That did not work.`}>{allowNodes.error.message}</Notice>}
      <Button
        look="danger"
        size="small"
        className="h-auto py-1.5 whitespace-normal!"
        disabled={allowNodes.isPending}
        onClick={() => allowNodes.mutate({ nodes: [...nodes] }, { onSuccess: onAllowed })}
      >
        {t`Allow ${nodes.join(", ")}`}
      </Button>
      <p className="text-xs text-faint">{t`For every workflow, until an admin takes it back.`}</p>
    </div>
  );
}
