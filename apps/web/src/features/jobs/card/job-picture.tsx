"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { Ban, ImageOff } from "lucide-react";
import { t } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import { cx } from "../../../ui/class-names.ts";
import { Link } from "../../../ui/link.tsx";
import { isSeen } from "../output/output-kind.ts";
import { OutputMedia } from "../output/output-media.tsx";
import { usePreview } from "./use-preview.ts";

interface JobPictureProps {
  readonly job: JobView;
  /** How wide the box is on the page, as `sizes` of an image. */
  readonly sizes: string;
  readonly isEager?: boolean;
}

/** One box for a job's whole life: paper, then the preview, then the picture, in the same place and size. */
export function JobPicture({ job, sizes, isEager }: JobPictureProps) {
  const preview = usePreview(isTerminal(job.state) ? null : job.previewUrl);
  const [first] = job.outputs;
  if (job.outputs.length > 1) return <PictureGrid job={job} />;
  return (
    <div className="paper absolute inset-0 grid place-items-center overflow-hidden">
      {preview !== null && first === undefined && (
        // biome-ignore lint/performance/noImgElement: a preview from our own origin, a few times a second
        <img src={preview} alt="" className="absolute inset-0 size-full scale-[1.02] object-contain blur-[1.5px]" />
      )}
      {first === undefined ? (
        preview === null && <Blank job={job} />
      ) : (
        <OutputMedia job={job} output={first} sizes={sizes} isEager={isEager} />
      )}
    </div>
  );
}

/** How many outputs one box shows before they are too small to see. */
const GRID = 4;

/** Pictures before other outputs: a card is for a glance, the job's page has everything. */
function PictureGrid({ job }: { job: JobView }) {
  const ordered = [...job.outputs.filter(isSeen), ...job.outputs.filter((output) => !isSeen(output))];
  const shown = ordered.filter(isSeen).length > 1 ? ordered.filter(isSeen).slice(0, GRID) : ordered.slice(0, 1);
  const more = job.outputs.length - shown.length;
  return (
    <div
      className={cx("paper absolute inset-0 grid gap-1 p-1", shown.length > 1 && "grid-cols-2")}
      style={{ gridAutoRows: "1fr" }}
    >
      {shown.map((output) => (
        <div key={output.outputId} className="relative grid place-items-center overflow-hidden">
          <OutputMedia job={job} output={output} sizes={shown.length > 1 ? "20rem" : "40rem"} />
        </div>
      ))}
      {more > 0 && (
        <Link
          href={paths.job(job.jobId)}
          className="absolute top-3 right-3 rounded-full bg-[rgb(8_6_5/0.75)] px-2.5 py-1 text-xs font-medium text-[#f4ece5] hover:underline"
        >
          {t`${more} more`}
        </Link>
      )}
    </div>
  );
}

function Blank({ job }: { job: JobView }) {
  if (job.state === "failed") return <ImageOff aria-hidden className="size-8 text-bad/70" />;
  if (job.state === "canceled") return <Ban aria-hidden className="size-8 text-faint/70" />;
  return (
    <span aria-hidden className="grid place-items-center">
      <span className={cx("ember size-28", job.state === "running" ? "animate-breathe" : "opacity-35")} />
    </span>
  );
}
