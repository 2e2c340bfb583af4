"use client";

import { type InputValues, readingCodes, type WorkflowDefinition } from "@darkroom/contracts";
import { useEffect, useRef, useState } from "react";
import { toldForm } from "../../../language/workflow-text.ts";
import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";
import { type Refusal, toRefusal } from "../../refusal.ts";
import type { WorkflowDetail } from "./use-workflows.ts";

export type DraftWorkflow = RouterOutputs["workflow"]["import"];
export type WorkflowSource = RouterOutputs["workflow"]["source"];
export type Candidate = DraftWorkflow["candidates"][number];
export type CheckReport = DraftWorkflow["report"];
export type Finding = CheckReport["findings"][number];
export type VersionView = RouterOutputs["workflow"]["versions"]["items"][number];
export type ExportedWorkflow = RouterOutputs["workflow"]["export"];
export type WorkflowEntry = RouterOutputs["workflow"]["list"]["items"][number];
export type DryRunPlan = NonNullable<RouterOutputs["job"]["submit"]["plan"]>;

/** Every workflow with its newest version, archived ones too; operators only. */
export function useAllWorkflows() {
  const query = trpc.workflow.list.useQuery({ all: true, limit: 100 });
  return { workflows: query.data?.items, error: query.error, retry: () => query.refetch() };
}

/** The versions of a workflow, newest first. */
export function useVersions(workflow: string) {
  const query = trpc.workflow.versions.useQuery({ workflow });
  return { versions: query.data?.items, error: query.error, retry: () => query.refetch() };
}

/** A version with its graph and what a check says to it now; without a number the current one. */
export function useSource(workflow: string, version: number | undefined) {
  const query = trpc.workflow.source.useQuery({ workflow, version }, { enabled: version !== undefined });
  return { source: query.data, error: query.error, retry: () => query.refetch() };
}

/** A version in both of ComfyUI's formats. */
export function useExport(workflow: string, version: number) {
  const query = trpc.workflow.export.useQuery({ workflow, version });
  return { exported: query.data, error: query.error, retry: () => query.refetch() };
}

/** What differs between two versions; null asks for none. */
export function useDiff(workflow: string, between: { readonly from: number; readonly to: number } | null) {
  const query = trpc.workflow.diff.useQuery(
    { workflow, from: between?.from, to: between?.to ?? 1 },
    { enabled: between !== null },
  );
  return between === null ? undefined : query.data;
}

/** The versions' inputs as the form shows them. */
export function useVersionForm(workflow: string, version: number) {
  return trpc.workflow.byId.useQuery({ workflow, version }, { select: toldForm<WorkflowDetail> }).data;
}

/** What changes workflows. Everything that is shown of them is asked for again afterwards. */
export function useWorkflowActions() {
  const utils = trpc.useUtils();
  const options = { onSettled: () => utils.workflow.invalidate() };
  return {
    importGraph: trpc.workflow.import.useMutation(),
    save: trpc.workflow.save.useMutation(options),
    publish: trpc.workflow.publish.useMutation(options),
    archive: trpc.workflow.archive.useMutation(options),
    allowNodes: trpc.workflow.allowNodes.useMutation(options),
    forbidNodes: trpc.workflow.forbidNodes.useMutation(options),
  };
}

/** The node classes that admins allowed beside the core ones. */
export function useAllowedNodes() {
  return trpc.workflow.allowedNodes.useQuery().data?.items;
}

/** A check is asked for this long after the last change. */
const CHECK_AFTER_MS = 500;

/** What a check says to the definition as it is being edited; begins with `first`. `recheck` asks again. */
export function useCheck(definition: WorkflowDefinition, first: CheckReport) {
  const { mutateAsync } = trpc.workflow.check.useMutation();
  const [report, setReport] = useState(first);
  const [isChecking, setIsChecking] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [round, setRound] = useState(0);
  const seen = useRef({ definition, round });
  // What reading the file said holds for the whole draft, and no check of its graph says it again.
  const reading = useRef(first.findings.filter(({ code }) => readingCodes.has(code)));

  useEffect(() => {
    if (seen.current.definition === definition && seen.current.round === round) return;
    seen.current = { definition, round };
    let isStale = false;
    setIsChecking(true);
    const timer = setTimeout(async () => {
      try {
        const answer = await mutateAsync({ definition });
        if (isStale) return;
        setReport({ ...answer, findings: [...reading.current, ...answer.findings] });
        setRefusal(null);
      } catch (error) {
        if (!isStale) setRefusal(toRefusal(error));
      }
      if (!isStale) setIsChecking(false);
    }, CHECK_AFTER_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [definition, mutateAsync, round]);

  return { report, isChecking, refusal, recheck: () => setRound((held) => held + 1) };
}

/** Asks what a job of this version would meet, without making it. */
export function useDryRun() {
  const { mutateAsync } = trpc.job.submit.useMutation();
  return async (
    workflow: string,
    version: number,
    inputs: InputValues,
  ): Promise<{ ok: true; plan: DryRunPlan } | { ok: false; refusal: Refusal }> => {
    try {
      const { plan } = await mutateAsync({ workflow, version, inputs: { ...inputs }, dryRun: true });
      if (plan === undefined) throw new Error("the server answered without a plan");
      return { ok: true, plan };
    } catch (error) {
      return { ok: false, refusal: toRefusal(error) };
    }
  };
}
