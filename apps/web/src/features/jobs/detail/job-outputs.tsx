import type { JobView, Output } from "@darkroom/contracts";
import { Download } from "lucide-react";
import { t, tServer } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { buttonClasses } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { later } from "../../../ui/later.tsx";
import { downloadOf } from "../job-title.ts";
import { FavoriteButton } from "../output/favorite-button.tsx";
import { outputSummary } from "../output/output-kind.ts";
import { OutputMedia } from "../output/output-media.tsx";
import { RemoveOutput } from "../output/remove-output.tsx";
import { UsePictureButton } from "../output/use-picture.tsx";

const Share = later(() => import("../output/share.tsx").then((module) => module.Share));

/** Every output of a job, each to look at, to play or to read, to download and, if it is a picture, to share. */
export function JobOutputs({ job }: { job: JobView }) {
  return (
    <>
      <OutputList job={job} />
      {job.missingOutputs.map(({ nodeId, nodeTitle, message }) => (
        <p key={nodeId} className="text-sm text-muted">
          {t`“${workflowText(job.workflow.slug, nodeTitle)}” made nothing.`} {tServer(message)}
        </p>
      ))}
    </>
  );
}

function OutputList({ job }: { job: JobView }) {
  return (
    <ul
      aria-label={t`Outputs`}
      className="grid grid-cols-2 items-start gap-3 sm:grid-cols-[repeat(auto-fill,minmax(15rem,1fr))]"
    >
      {job.outputs.map((output) => (
        <li
          key={output.outputId}
          className={cx(
            "panel flex min-w-0 flex-col overflow-hidden max-sm:has-[section]:col-span-full",
            // On a phone two pictures fit beside each other, but no player and no text.
            output.kind !== "image" && output.kind !== "animation" && "max-sm:col-span-full",
          )}
        >
          <div
            className={cx(
              "paper relative grid place-items-center overflow-hidden",
              output.kind === "audio" && "max-sm:aspect-[5/2]!",
            )}
            style={{ aspectRatio: boxAspect(output) }}
          >
            <OutputMedia job={job} output={output} sizes="20rem" />
          </div>
          <div className="flex flex-wrap items-center gap-x-1 p-1 pl-3 text-xs text-muted">
            <span className="min-w-0 flex-1 truncate tabular-nums">{outputSummary(output)}</span>
            <a {...downloadOf(job, output)} className={buttonClasses({ look: "quiet", size: "small" })}>
              <Download aria-hidden className="size-4" />
              <span className="sr-only">{t`Download: ${outputSummary(output)}`}</span>
            </a>
            <FavoriteButton job={job} output={output} />
            {output.kind === "image" && <UsePictureButton output={output} />}
            {output.kind === "image" && <Share output={output} isSmall />}
            <RemoveOutput job={job} output={output} />
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The output's own, unless it is very wide or tall. */
function boxAspect({ width, height }: Output): number {
  return width === null || height === null ? 4 / 3 : Math.min(16 / 9, Math.max(3 / 4, width / height));
}
