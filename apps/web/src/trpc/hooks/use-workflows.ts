"use client";

import { type RouterOutputs, trpc } from "../client.ts";

export type WorkflowSummary = RouterOutputs["workflow"]["list"]["items"][number];
export type WorkflowDetail = RouterOutputs["workflow"]["byId"];

/** The workflows this visitor may run. */
export function useWorkflows() {
  const query = trpc.workflow.list.useQuery(undefined, { staleTime: 60_000 });
  return { workflows: query.data?.items, error: query.error, retry: () => query.refetch() };
}

/** A workflow with its parameters; `workflow` is an id or slug. */
export function useWorkflow(workflow: string | null) {
  const query = trpc.workflow.byId.useQuery(
    { workflow: workflow ?? "" },
    { enabled: workflow !== null, staleTime: 30_000 },
  );
  return { workflow: query.data, error: query.error, retry: () => query.refetch() };
}
