"use client";

import { isImageInput, type JobView, type Media, mediaOfKind } from "@darkroom/contracts";
import { useMemo } from "react";
import { t } from "../../../language/say.ts";
import { toldForm, toldWorkflow } from "../../../language/workflow-text.ts";
import type { RouterOutputs } from "../../client.ts";
import { trpc } from "../../react-hooks.tsx";

export type WorkflowSummary = RouterOutputs["workflow"]["list"]["items"][number];
export type WorkflowDetail = RouterOutputs["workflow"]["byId"];

const toldList = ({ items, ...page }: RouterOutputs["workflow"]["list"]) => ({
  ...page,
  items: items.map(toldWorkflow),
});

/** The workflows this visitor may run. */
export function useWorkflows() {
  const query = trpc.workflow.list.useQuery(undefined, { staleTime: 60_000, select: toldList });
  return { workflows: query.data?.items, error: query.error, retry: () => query.refetch() };
}

/** A workflow that a picture can be given to, and the name of the input that takes it. */
export interface PictureUse {
  readonly slug: string;
  readonly label: string;
  readonly name: string;
}

/** What can be made of a picture: the workflows that take one and can run now, the usual ones first. */
export function pictureUses(
  workflows: readonly Pick<WorkflowSummary, "slug" | "name" | "files" | "canRun">[],
): PictureUse[] {
  const usual = ["image-to-image", "upscale", "inpaint"];
  const place = ({ slug }: PictureUse): number => (usual.indexOf(slug) + usual.length + 1) % (usual.length + 1);
  return workflows
    .flatMap(({ slug, name, files, canRun }) => {
      const input = files.find(({ kind }) => kind === "image");
      return canRun && input !== undefined
        ? [{ slug, label: slug === "image-to-image" ? t`Use as input` : name, name: input.name }]
        : [];
    })
    .sort((a, b) => place(a) - place(b));
}

export function usePictureUses(): readonly PictureUse[] {
  const { workflows } = useWorkflows();
  return useMemo(() => pictureUses(workflows ?? []), [workflows]);
}

/** A workflow with its parameters; `workflow` is an id or slug. */
export function useWorkflow(workflow: string | null) {
  const query = trpc.workflow.byId.useQuery(
    { workflow: workflow ?? "" },
    { enabled: workflow !== null, staleTime: 30_000, select: toldForm<WorkflowDetail> },
  );
  return { workflow: query.data, error: query.error, retry: () => query.refetch() };
}

/** What each file among a job's inputs is, as the workflow's version declares it; null until that is known. */
export function useInputMedia({ inputs, workflow }: JobView): (name: string) => Media | null {
  const hasFiles = Object.values(inputs).some(isImageInput);
  const asked = { workflow: workflow.workflowId, version: workflow.version };
  const { data, isPending } = trpc.workflow.byId.useQuery(asked, { enabled: hasFiles });
  return (name) => {
    if (isPending) return null;
    const kind = data?.parameters.find((parameter) => parameter.name === name)?.kind;
    return (kind === undefined ? null : mediaOfKind(kind)) ?? "image";
  };
}
