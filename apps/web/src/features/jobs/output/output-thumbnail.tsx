import type { Output, OutputKind } from "@darkroom/contracts";
import { Box, File as FileIcon, FileText, Film, type LucideIcon, Music } from "lucide-react";
import { cx } from "../../../ui/class-names.ts";

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
