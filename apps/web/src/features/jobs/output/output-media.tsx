"use client";

import { type JobView, type Output, thumbnailUrl } from "@darkroom/contracts";
import { shorten } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { cx } from "../../../ui/class-names.ts";
import { laterInHtml } from "../../../ui/later.tsx";
import { jobTitle } from "../job-title.ts";
import { useOpenPicture } from "../open-picture.ts";
import { drag } from "./drag.ts";

// Not part of the first load: most outputs are pictures.
const OtherMedia = laterInHtml(() => import("./other-media.tsx").then((module) => module.OtherMedia));

interface OutputMediaProps {
  readonly job: JobView;
  readonly output: Output;
  /** How wide the box is on the page, as `sizes` of an image. */
  readonly sizes: string;
  readonly isEager?: boolean;
}

/** One output in the box around it, as what it is: to look at, to play, to read or to download. */
export function OutputMedia(props: OutputMediaProps) {
  const { kind } = props.output;
  return kind === "image" || kind === "animation" ? <Picture {...props} /> : <OtherMedia {...props} />;
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
          draggable
          onDragStart={(event) => drag(event, output.outputId)}
          onClick={() => open(output.outputId)}
          aria-label={t`Enlarge: ${shorten(title, 80)}`}
          className="absolute inset-0 cursor-zoom-in -outline-offset-4"
        />
      )}
    </>
  );
}
