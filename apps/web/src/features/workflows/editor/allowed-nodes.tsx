"use client";

import { hasRole } from "@darkroom/contracts";
import { X } from "lucide-react";
import { t } from "../../../language/say.ts";
import { useSession } from "../../../trpc/hooks/account/use-session.ts";
import { useAllowedNodes, useWorkflowActions } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { IconButton } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";

/** The nodes that run here beside ComfyUI's own; admins take them away. */
export function AllowedNodes() {
  const nodes = useAllowedNodes();
  const { forbidNodes } = useWorkflowActions();
  const { session } = useSession();
  const isAdmin = session !== undefined && hasRole(session.role, "admin");
  if (nodes === undefined) return null;
  return (
    <section className="space-y-3" aria-labelledby="allowed-heading">
      <h2 id="allowed-heading" className="font-display text-2xl">
        {t`Allowed nodes`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {t`ComfyUI's own nodes that only compute may run. A custom node is a program with access to the server, so each takes an admin's word, given where a workflow that uses it is imported.`}
      </p>
      {forbidNodes.error !== null && <Notice title={t`That did not work.`}>{forbidNodes.error.message}</Notice>}
      {nodes.length === 0 ? (
        <p className="text-sm text-faint">{t`None beside the core nodes.`}</p>
      ) : (
        <ul className="flex flex-wrap gap-2">
          {nodes.map(({ node }) => (
            <li
              key={node}
              className="flex min-h-9 items-center rounded-lg border bg-raised pr-1 pl-3 font-mono text-sm"
            >
              {node}
              {isAdmin && (
                <IconButton
                  label={t`Do not allow ${node} any more`}
                  className="ml-1 size-7"
                  disabled={forbidNodes.isPending}
                  onClick={() => forbidNodes.mutate({ nodes: [node] })}
                >
                  <X aria-hidden className="size-3.5" />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
