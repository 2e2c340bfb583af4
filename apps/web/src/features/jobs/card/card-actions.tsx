"use client";

import type { JobView } from "@darkroom/contracts";
import { Dices, Download, Pin, SquarePen } from "lucide-react";
import { t } from "../../../language/say.ts";
import type { SubmitResult } from "../../../trpc/feed/submit.ts";
import { useRepeat } from "../../../trpc/hooks/workflows/use-submit.ts";
import { downloadOf } from "../job-title.ts";
import { FavoriteButton } from "../output/favorite-button.tsx";
import { ShareButton } from "../output/share.tsx";
import { UsePictureButton } from "../output/use-picture.tsx";

interface CardActionsProps {
  readonly job: JobView;
  readonly onReuseSeed?: ((job: JobView) => void) | undefined;
  readonly onEdit?: ((job: JobView) => void) | undefined;
  readonly onStart: (result: Promise<SubmitResult>) => void;
}

const action =
  "inline-flex min-h-8 items-center gap-1.5 rounded-lg px-2 text-xs font-medium hover:bg-raised focus-visible:bg-raised";

/** What can be done with a finished picture, with its words, over the picture's lower edge: on hover, on focus, by touch. */
export function CardActions({ job, onReuseSeed, onEdit, onStart }: CardActionsProps) {
  const repeat = useRepeat();
  const only = job.outputs.length === 1 ? job.outputs[0] : undefined;
  const hasSeed = job.state === "succeeded" && job.seed !== null;
  return (
    <div className="absolute inset-x-2 bottom-2 z-10 flex flex-wrap items-center gap-x-0.5 rounded-xl bg-surface/92 p-1 text-ink opacity-0 shadow-print transition-opacity group-hover/card:opacity-100 group-focus-within/card:opacity-100 pointer-coarse:static pointer-coarse:rounded-none pointer-coarse:bg-transparent pointer-coarse:opacity-100 pointer-coarse:shadow-none">
      {only !== undefined && (
        <a {...downloadOf(job, only)} className={action}>
          <Download aria-hidden className="size-3.5" /> {t`Download`}
        </a>
      )}
      {onEdit !== undefined && (
        <button type="button" title={t`Edit these inputs`} className={action} onClick={() => onEdit(job)}>
          <SquarePen aria-hidden className="size-3.5" />
          <Short whole={t`Edit these inputs`} short={t`Edit`} />
        </button>
      )}
      {hasSeed && (
        <button
          type="button"
          title={t`The same inputs with a new seed`}
          className={action}
          onClick={() => onStart(repeat.vary(job))}
        >
          <Dices aria-hidden className="size-3.5" /> {t`Vary`}
        </button>
      )}
      {hasSeed && onReuseSeed !== undefined && (
        <button type="button" title={t`Use this seed in the form`} className={action} onClick={() => onReuseSeed(job)}>
          <Pin aria-hidden className="size-3.5" />
          <Short whole={t`Use this seed in the form`} short={t`Seed`} />
        </button>
      )}
      {only?.kind === "image" && <UsePictureButton output={only} className={action} isWorded />}
      {only?.kind === "image" && <ShareButton output={only} className={action} />}
      {only !== undefined && <FavoriteButton job={job} output={only} className="size-8!" />}
    </div>
  );
}

/** What a button does, in a word for the eye. */
function Short({ whole, short }: { readonly whole: string; readonly short: string }) {
  return (
    <>
      <span className="sr-only">{whole}</span>
      <span aria-hidden>{short}</span>
    </>
  );
}
