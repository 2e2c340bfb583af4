"use client";

import { hasRole, plural } from "@darkroom/contracts";
import { CircleCheck, LoaderCircle, RotateCw } from "lucide-react";
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
          Check
        </h2>
        <IconButton label="Check again" disabled={isChecking} onClick={onRecheck}>
          {isChecking ? (
            <LoaderCircle aria-hidden className="size-4 animate-spin" />
          ) : (
            <RotateCw aria-hidden className="size-4" />
          )}
        </IconButton>
      </div>
      {problem !== null && <Notice title="It could not be checked.">{problem}</Notice>}
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
              <span className={canRun ? "text-good" : "text-bad"}>{canRun ? "can run it" : "cannot"}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function summaryOf({ ok, findings, backends }: CheckReport): string {
  const able = backends.filter(({ canRun }) => canRun).length;
  if (!ok) return `${plural(findings.filter(({ severity }) => severity === "error").length, "thing")} to put right.`;
  if (backends.length === 0) return "Nothing is wrong with it. Whether a server can run it is not known yet.";
  const where = able === backends.length ? plural(able, "backend") : `${able} of ${backends.length} backends`;
  return `Ready to run on ${where}.`;
}

function AllowNodes({ nodes, onAllowed }: { nodes: readonly string[]; onAllowed: () => void }) {
  const { session } = useSession();
  const { allowNodes } = useWorkflowActions();
  if (session === undefined || !hasRole(session.role, "admin")) {
    return <p className="text-sm text-muted">Ask an admin to allow {nodes.join(", ")}.</p>;
  }
  return (
    <div className="space-y-2">
      {allowNodes.error !== null && <Notice title="That did not work.">{allowNodes.error.message}</Notice>}
      <Button
        look="danger"
        size="small"
        className="h-auto py-1.5 whitespace-normal!"
        disabled={allowNodes.isPending}
        onClick={() => allowNodes.mutate({ nodes: [...nodes] }, { onSuccess: onAllowed })}
      >
        Allow {nodes.join(", ")}
      </Button>
      <p className="text-xs text-faint">For every workflow, until an admin takes it back.</p>
    </div>
  );
}
