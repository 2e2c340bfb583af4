"use client";

import { type JobView, type Output, type OutputKind, thumbnailUrl } from "@darkroom/contracts";
import { Box, Download, File as FileIcon, FileText, Film, type LucideIcon, Music } from "lucide-react";
import dynamic from "next/dynamic";
import { shorten } from "../../../format.ts";
import { buttonClasses } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { downloadOf, jobTitle } from "../job-title.ts";
import { useOpenPicture } from "../open-picture.ts";
import { outputSummary } from "./output-kind.ts";

// Not part of the first load: most outputs are pictures.
const ModelView = dynamic(() => import("./model-view.tsx").then((module) => module.ModelView));
const OutputText = dynamic(() => import("./output-text.tsx").then((module) => module.OutputText));
const Sound = dynamic(() => import("./sound.tsx").then((module) => module.Sound));

interface OutputMediaProps {
  readonly job: JobView;
  readonly output: Output;
  /** How wide the box is on the page, as `sizes` of an image. */
  readonly sizes: string;
  readonly isEager?: boolean;
}

/** One output in the box around it, as what it is: to look at, to play, to read or to download. */
export function OutputMedia(props: OutputMediaProps) {
  const { job, output } = props;
  const title = jobTitle(job);
  switch (output.kind) {
    case "image":
    case "animation":
      return <Picture {...props} />;
    case "video":
      return (
        <video
          // The fragment makes every browser show a frame before it plays.
          src={`${output.url}#t=0.001`}
          aria-label={`Video: ${shorten(title, 80)}`}
          controls
          muted
          loop
          playsInline
          preload="metadata"
          className="absolute inset-0 size-full animate-develop bg-mat object-contain"
        />
      );
    case "audio":
      return <Sound output={output} label={`Sound: ${shorten(title, 80)}`} />;
    case "text":
      return <OutputText output={output} />;
    case "model":
      return (
        <ModelView file={output} label={`3D model: ${shorten(title, 80)}`}>
          <DownloadCard job={job} output={output} />
        </ModelView>
      );
    case "file":
      if (output.mimeType === "image/svg+xml") return <Drawing output={output} title={title} />;
      return <DownloadCard job={job} output={output} />;
  }
}

const icons: Readonly<Record<OutputKind, LucideIcon>> = {
  image: FileIcon,
  animation: Film,
  video: Film,
  audio: Music,
  text: FileText,
  model: Box,
  file: FileIcon,
};

/** Moving pictures up to this size move in lists, too: a page of them is some megabytes. */
const MAX_MOVING_BYTES = 512 * 1024;

/** One output in a small square of a list whose text names it. */
export function OutputThumbnail({ output }: { output: Output }) {
  const className = "size-full object-cover";
  // The fragment makes every browser show a frame, of which it needs the head of the file alone.
  if (output.kind === "video")
    return (
      <video src={`${output.url}#t=0.001`} aria-hidden muted playsInline preload="metadata" className={className} />
    );
  if (output.thumbnailUrl === null) return <OutputIcon kind={output.kind} className="size-6" />;
  const isMoving = output.kind === "animation" && output.sizeBytes <= MAX_MOVING_BYTES;
  return (
    <picture className="contents">
      {isMoving && <source media="(prefers-reduced-motion: no-preference)" srcSet={output.url} />}
      <img src={output.thumbnailUrl} alt="" loading="lazy" decoding="async" className={className} />
    </picture>
  );
}

/** A small stand-in for what has no picture. */
export function OutputIcon({ kind, className }: { kind: OutputKind; className?: string }) {
  const Icon = icons[kind];
  return <Icon aria-hidden className={cx("text-faint", className)} strokeWidth={1.25} />;
}

/** A drawing. Shown as a picture it runs nothing and loads nothing; opened by its address it is a download. */
function Drawing({ output, title }: { output: Output; title: string }) {
  return (
    // biome-ignore lint/performance/noImgElement: our own origin serves it, and nothing could make it smaller
    <img
      src={output.url}
      alt={title}
      loading="lazy"
      className="absolute inset-0 size-full animate-develop object-contain"
    />
  );
}

function DownloadCard({ job, output }: { job: JobView; output: Output }) {
  return (
    <div className="flex flex-col items-center gap-4 p-5 text-center text-sm">
      <OutputIcon kind={output.kind} className="size-9" />
      <p className="text-muted">{outputSummary(output)}</p>
      <a {...downloadOf(job, output)} className={buttonClasses({ size: "small" })}>
        <Download aria-hidden className="size-4" /> Download
      </a>
    </div>
  );
}

/** How wide the copies are: each is made once, when it is first asked for, and stored. */
const COPY_WIDTHS = [384, 768, 1536];

/** Copies of a picture for boxes of any size, as `srcset`. The original, often some megabytes, is for the lightbox. */
function copiesOf({ outputId, width }: Output): string {
  const natural = width ?? Number.POSITIVE_INFINITY;
  const smaller = COPY_WIDTHS.filter((copy) => copy < natural);
  const widths = natural <= 1536 ? [...smaller, natural] : smaller;
  return widths.map((copy) => `${thumbnailUrl(outputId, copy)} ${copy}w`).join(", ");
}

/** A finished picture; a click opens it at its full size. */
function Picture({ job, output, sizes, isEager }: OutputMediaProps) {
  const open = useOpenPicture();
  const title = jobTitle(job);
  const isMoving = output.kind === "animation";
  // A smaller copy of a moving picture stands still.
  const srcSet = isMoving || output.thumbnailUrl === null ? undefined : copiesOf(output);
  return (
    <>
      <picture className="contents">
        {isMoving && (
          <source
            media="(prefers-reduced-motion: reduce)"
            srcSet={thumbnailUrl(output.outputId, 1536)}
            type="image/webp"
          />
        )}
        <img
          src={output.url}
          srcSet={srcSet}
          // A picture that loads late knows the size of its box by then.
          sizes={isEager ? sizes : `auto, ${sizes}`}
          alt={title}
          width={output.width ?? undefined}
          height={output.height ?? undefined}
          loading={isEager ? "eager" : "lazy"}
          fetchPriority={isEager ? "high" : undefined}
          decoding="async"
          // What arrives with the page is not developed before the visitor's eyes: it is there.
          className={cx("absolute inset-0 size-full object-contain", isEager !== true && "animate-develop")}
        />
      </picture>
      {/* Beside the picture, not around it: what is inside a button loses its own role. */}
      {open !== null && (
        <button
          type="button"
          onClick={() => open(output.outputId)}
          aria-label={`Enlarge: ${shorten(title, 80)}`}
          className="absolute inset-0 cursor-zoom-in -outline-offset-4"
        />
      )}
    </>
  );
}
