"use client";

import { mediaOfType, thumbnailUrl } from "@darkroom/contracts";
import { readWorkflowFile } from "@darkroom/workflow-files";
import { ExternalLink, ImagePlus, SquarePen, Workflow } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import { shorten } from "../../format.ts";
import { useModal } from "../../hooks/use-modal.ts";
import { t } from "../../language/say.ts";
import { workflowText } from "../../language/workflow-text.ts";
import { paths } from "../../paths.ts";
import { useSystem } from "../../trpc/hooks/account/use-session.ts";
import { type PictureOrigin, useJobOfPicture } from "../../trpc/hooks/jobs/use-picture-of.ts";
import { type PictureUse, usePictureUses } from "../../trpc/hooks/workflows/use-workflows.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { Problem } from "../../ui/problem.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { jobTitle } from "../jobs/job-title.ts";
import type { Dropped } from "../workflows/dropped.ts";
import { sizeProblem, uploadFile } from "../workflows/upload.ts";
import { jobInFile } from "./job-in-file.ts";

interface ImageOfferProps {
  readonly dropped: Dropped;
  readonly onClose: () => void;
}

/** Asks what to do with a picture that was dropped or pasted: give it to a workflow or, of one of ours, take up how it was made. */
export function ImageOffer({ dropped, onClose }: ImageOfferProps) {
  const { dialog, close } = useModal();
  const router = useRouter();
  const uses = usePictureUses();
  const maxBytes = useSystem()?.maxFileBytes.image;
  const [percent, setPercent] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const sending = useRef<AbortController>(null);
  useEffect(() => () => sending.current?.abort(), []);
  const origin = useOrigin(dropped);
  const job = useJobOfPicture(origin ?? null);
  // What comes in above a button while somebody presses it would be pressed in its place.
  const isKnown = origin !== undefined && job !== undefined;
  const picture = usePictureUrl(dropped);
  const isPicture = dropped.kind === "output" || (mediaOfType(dropped.file.type) ?? "image") === "image";

  async function use({ slug, name }: PictureUse): Promise<void> {
    if (dropped.kind === "output") {
      router.push(paths.studioWith(slug, name, { outputId: dropped.outputId }));
      return close();
    }
    const tooLarge = sizeProblem(dropped.file.size, "image", maxBytes);
    if (tooLarge !== null) return setProblem(tooLarge);
    const controller = new AbortController();
    sending.current = controller;
    setProblem(null);
    setPercent(0);
    try {
      const { uploadId } = await uploadFile(dropped.file, "image", {
        onProgress: setPercent,
        signal: controller.signal,
      });
      router.push(paths.studioWith(slug, name, { uploadId }));
      close();
    } catch (error) {
      if (!controller.signal.aborted)
        setProblem(error instanceof Error ? error.message : t`The file could not be uploaded.`);
      setPercent(null);
    }
  }

  return (
    <dialog
      ref={dialog}
      aria-label={t`What shall be done with this picture?`}
      onClose={onClose}
      className="panel m-auto! w-[min(30rem,calc(100vw-2rem))] space-y-4 p-5 text-ink shadow-print backdrop:bg-black/60"
    >
      <div className="flex items-center gap-4">
        {/* biome-ignore lint/performance/noImgElement: a file of the visitor's, or a thumbnail of our own */}
        {picture !== null && <img src={picture} alt="" className="size-20 shrink-0 rounded-lg bg-mat object-contain" />}
        <div className="min-w-0">
          <h2 className="font-display text-xl">{t`What shall be done with it?`}</h2>
          <p className="line-clamp-2 text-sm text-muted">
            {job != null ? shorten(jobTitle(job), 120) : dropped.kind === "file" ? dropped.file.name : null}
          </p>
        </div>
      </div>
      {!isPicture ? (
        <p className="text-sm text-muted">{t`This file is no picture. Drop it on a field that takes its kind.`}</p>
      ) : !isKnown ? (
        <Skeleton className="h-40" />
      ) : percent !== null ? (
        <ProgressBar percent={percent} label={t`Upload of the picture`} valueText={`${Math.round(percent)} %`} />
      ) : (
        <div className="grid gap-2">
          {job != null && (
            <>
              <Link href={paths.studioFrom(job.jobId)} onClick={close} className={buttonClasses({ look: "primary" })}>
                <SquarePen aria-hidden className="size-4" /> {t`Its inputs into the form`}
              </Link>
              <Link href={paths.studioOf(job.workflow.slug)} onClick={close} className={buttonClasses()}>
                <Workflow aria-hidden className="size-4" />{" "}
                {t`Its workflow: ${workflowText(job.workflow.slug, job.workflow.name)}`}
              </Link>
            </>
          )}
          {uses.map((one) => (
            <Button key={one.slug} onClick={() => void use(one)}>
              <ImagePlus aria-hidden className="size-4" /> {one.label}
            </Button>
          ))}
          {uses.length === 0 && job == null && (
            <p className="text-sm text-muted">{t`No workflow that could run now takes a picture.`}</p>
          )}
          {job != null && (
            <Link href={paths.job(job.jobId)} onClick={close} className={buttonClasses({ look: "quiet" })}>
              <ExternalLink aria-hidden className="size-4" /> {t`Its page`}
            </Link>
          )}
        </div>
      )}
      <Problem>{problem}</Problem>
      <div className="flex justify-end">
        <Button look="quiet" onClick={close}>
          {t`Nothing`}
        </Button>
      </div>
    </dialog>
  );
}

/** What the picture says of where it comes from; null if it says nothing, undefined until that is known. */
function useOrigin(dropped: Dropped): PictureOrigin | null | undefined {
  const [jobId, setJobId] = useState<string | null>();
  const file = dropped.kind === "file" ? dropped.file : null;
  useEffect(() => {
    if (file === null) return;
    readWorkflowFile(file).then(
      ({ prompt }) => setJobId(jobInFile(prompt)),
      () => setJobId(null),
    );
  }, [file]);
  const outputId = dropped.kind === "output" ? dropped.outputId : null;
  return useMemo(() => (outputId !== null ? { outputId } : jobId == null ? jobId : { jobId }), [jobId, outputId]);
}

function usePictureUrl(dropped: Dropped): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (dropped.kind === "output") return setUrl(thumbnailUrl(dropped.outputId));
    if (!dropped.file.type.startsWith("image/")) return;
    const made = URL.createObjectURL(dropped.file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [dropped]);
  return url;
}
