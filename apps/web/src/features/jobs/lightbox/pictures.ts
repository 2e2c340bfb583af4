import { type JobView, type Output, thumbnailUrl } from "@darkroom/contracts";
import type { Slide } from "yet-another-react-lightbox";
import { jobTitle } from "../job-title.ts";
import { isSeen } from "../output/output-kind.ts";

/** An output that is seen at once, with the job that made it. */
export interface Picture {
  readonly job: JobView;
  readonly output: Output;
}

/** Every picture of the jobs, in their order. */
export function picturesOf(jobs: readonly JobView[]): Picture[] {
  return jobs.flatMap((job) => job.outputs.filter(isSeen).map((output) => ({ job, output })));
}

/**
 * Where the open picture is in the list; -1 if it is not there any more. `wasAt` is where it was when it was last there:
 * whoever deletes the picture they look at sees the next one.
 */
export function placeOf(pictures: readonly Picture[], outputId: string, wasAt: number): number {
  const place = pictures.findIndex(({ output }) => output.outputId === outputId);
  return place >= 0 ? place : Math.min(wasAt, pictures.length - 1);
}

/** Wide enough for most screens, and a tenth of the original's bytes: that is loaded when somebody zooms in. */
const SCREEN_WIDTH = 1536;

const slides = new WeakMap<Output, Slide>();

/** A picture as the lightbox takes it. The same object for the same output, so that nothing is drawn anew. */
export function slideOf({ job, output }: Picture): Slide {
  const known = slides.get(output);
  if (known !== undefined) return known;
  const { url, width, height, outputId, kind, mimeType } = output;
  const alt = jobTitle(job);
  const isLarge = kind === "image" && width !== null && height !== null && width > SCREEN_WIDTH;
  const slide: Slide =
    kind === "video"
      ? { type: "video", src: url, alt, mimeType }
      : {
          src: url,
          alt,
          ...(width !== null && height !== null && { width, height }),
          ...(isLarge && {
            srcSet: [
              {
                src: thumbnailUrl(outputId, SCREEN_WIDTH),
                width: SCREEN_WIDTH,
                height: Math.round((height * SCREEN_WIDTH) / width),
              },
              { src: url, width, height },
            ],
          }),
        };
  slides.set(output, slide);
  return slide;
}

declare module "yet-another-react-lightbox" {
  interface SlideTypes {
    video: { type: "video"; src: string; alt: string; mimeType: string };
  }
}
