"use client";

import { isTerminal, type JobView, type Output } from "@darkroom/contracts";
import { Ban, File as FileIcon, ImageOff } from "lucide-react";
import { shorten } from "../../format.ts";
import { paths } from "../../paths.ts";
import { cx } from "../../ui/class-names.ts";
import { useLightbox } from "../../ui/lightbox.tsx";
import { fileNameOf, jobTitle } from "./job-title.ts";
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
        <OutputPicture job={job} output={first} sizes={sizes} isEager={isEager} />
      )}
    </div>
  );
}

function PictureGrid({ job }: { job: JobView }) {
  return (
    <div className="paper absolute inset-0 grid grid-cols-2 gap-1 p-1" style={{ gridAutoRows: "1fr" }}>
      {job.outputs.slice(0, 4).map((output) => (
        <div key={output.outputId} className="relative grid place-items-center overflow-hidden">
          <OutputPicture job={job} output={output} sizes="20rem" />
        </div>
      ))}
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

interface OutputPictureProps {
  readonly job: JobView;
  readonly output: Output;
  readonly sizes: string;
  readonly isEager?: boolean;
}

/** A finished picture; a click opens it at its full size. */
export function OutputPicture({ job, output, sizes, isEager }: OutputPictureProps) {
  const open = useLightbox();
  const title = jobTitle(job);
  if (output.kind !== "image" && output.kind !== "animation") {
    return (
      <a href={output.url} download className="flex flex-col items-center gap-2 p-6 text-sm text-muted hover:text-ink">
        <FileIcon aria-hidden className="size-8" />
        {output.mimeType}
      </a>
    );
  }
  const srcSet =
    output.thumbnailUrl === null || output.width === null
      ? undefined
      : `${output.thumbnailUrl} 384w, ${output.url} ${Math.max(output.width, 385)}w`;
  const show = (): void =>
    open({
      url: output.url,
      alt: title,
      width: output.width,
      height: output.height,
      fileName: fileNameOf(job, output.mimeType),
      caption: title,
      detailsUrl: paths.job(job.jobId),
    });
  return (
    <>
      {/* biome-ignore lint/performance/noImgElement: our own origin serves the sizes we store */}
      <img
        src={output.url}
        srcSet={srcSet}
        sizes={sizes}
        alt={title}
        width={output.width ?? undefined}
        height={output.height ?? undefined}
        loading={isEager ? "eager" : "lazy"}
        decoding="async"
        className="absolute inset-0 size-full animate-develop object-contain"
      />
      {/* Beside the picture, not around it: what is inside a button loses its own role. */}
      <button
        type="button"
        onClick={show}
        aria-label={`Enlarge: ${shorten(title, 80)}`}
        className="absolute inset-0 cursor-zoom-in -outline-offset-4"
      />
    </>
  );
}
