"use client";

import { Columns2, Download, Info, Minus, Plus, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import Yarl from "yet-another-react-lightbox";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import { t } from "../../../language/say.ts";
import "yet-another-react-lightbox/styles.css";
import { useKey } from "../../../hooks/use-key.ts";
import { paths, type Use } from "../../../paths.ts";
import { showToast } from "../../../ui/toaster.tsx";
import { Compare } from "../compare/compare.tsx";
import { downloadOf } from "../job-title.ts";
import { FavoriteButton } from "../output/favorite-button.tsx";
import { LightboxDetails } from "./lightbox-details.tsx";
import { type Picture, slideOf } from "./pictures.ts";

interface LightboxProps {
  readonly pictures: readonly Picture[];
  /** The one that is open, and where it is among them. */
  readonly current: Picture;
  readonly place: number;
  /** Whether they are the visitor's own, and so to be marked. */
  readonly isOwn: boolean;
  readonly onView: (place: number) => void;
  readonly onClose: () => void;
}

/** The buttons stand on a picture of any brightness, in either theme. */
const button =
  "size-10! text-[#e6dad0]! hover:bg-white/12! hover:text-white! inline-grid place-items-center rounded-lg";

/** Details are wanted by who has room for them beside the picture. */
const hasRoom = (): boolean => window.matchMedia("(min-width: 1024px)").matches;

/** Pictures at their full size: by keyboard, swipe and pinch, each with how it was made. */
export function Lightbox({ pictures, current, place, isOwn, onView, onClose }: LightboxProps) {
  const [hasDetails, setHasDetails] = useState(hasRoom);
  const [pinned, setPinned] = useState<Picture | null>(null);
  const [compared, setCompared] = useState<readonly [Picture, Picture] | null>(null);
  const names = pictures.map(({ output }) => output.outputId).join();
  // The same list for the same pictures: the library goes back to `index` whenever it is given another one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: progress makes other pictures of the same outputs
  const slides = useMemo(() => pictures.map(slideOf), [names]);
  const { job, output } = current;

  const compare = (): void => {
    if (pinned === null || pinned.output.outputId === output.outputId) {
      setPinned(current);
      void showToast({ text: t`Kept for comparing. Go to another picture and press Compare again.`, look: "good" });
    } else setCompared([pinned, current]);
  };
  const toggleDetails = (): void => setHasDetails(!hasDetails);
  const router = useRouter();
  const goTo = (href: string): void => {
    onClose();
    router.push(href);
  };
  const use = (what?: Use): void => goTo(paths.studioFrom(job.jobId, what));
  const { prompt } = job.inputs;
  useKey("i", toggleDetails);
  useKey("p", () => typeof prompt === "string" && prompt.trim() !== "" && use("prompt"));
  useKey("s", () => (output.seed ?? job.seed) !== null && use("seed"));
  useKey("a", () => use());
  useKey("r", () => use("remix"));
  useKey("d", () => typeof job.inputs.width === "number" && use("size"));
  useKey("w", () => goTo(paths.studioOf(job.workflow.slug)));
  useKey("z", onClose);
  useKey("c", () => output.kind === "image" && compare());
  const buttons: ReactNode[] = [
    isOwn && <FavoriteButton key={output.outputId} job={job} output={output} hotkey="f" className={button} />,
    output.kind === "image" && (
      <button
        key="compare"
        type="button"
        title={t`Compare (C)`}
        aria-label={t`Compare`}
        aria-pressed={pinned !== null}
        onClick={compare}
        className={`${button} ${pinned === null ? "" : "text-safelight!"}`}
      >
        <Columns2 aria-hidden className="size-4.5" />
      </button>
    ),
    <a key="download" {...downloadOf(job, output)} title={t`Download`} className={button}>
      <Download aria-hidden className="size-4.5" />
      <span className="sr-only">{t`Download`}</span>
    </a>,
    <button
      key="details"
      type="button"
      title={t`Details (I)`}
      aria-label={t`Details`}
      aria-pressed={hasDetails}
      onClick={toggleDetails}
      className={`${button} ${hasDetails ? "bg-white/12" : ""}`}
    >
      <Info aria-hidden className="size-4.5" />
    </button>,
    "close",
  ];
  return (
    <>
      <Yarl
        open
        close={onClose}
        index={place}
        slides={slides}
        plugins={[Zoom]}
        on={{ view: ({ index }) => onView(index) }}
        carousel={{ finite: true, padding: 0 }}
        controller={{ closeOnBackdropClick: true, closeOnPullDown: true }}
        animation={{ swipe: 260, fade: 160 }}
        zoom={{ maxZoomPixelRatio: 4, scrollToZoom: true }}
        toolbar={{ buttons }}
        labels={labels()}
        className={hasDetails ? "lightbox lightbox-detailed" : "lightbox"}
        render={{
          iconZoomIn: () => <Plus aria-hidden className="size-4.5" />,
          iconZoomOut: () => <Minus aria-hidden className="size-4.5" />,
          iconClose: () => <X aria-hidden className="size-5" />,
          ...(place === 0 && { buttonPrev: () => null }),
          ...(place === pictures.length - 1 && { buttonNext: () => null }),
          slide: ({ slide, offset }) =>
            slide.type === "video" ? <Film slide={slide} isCurrent={offset === 0} /> : null,
          controls: () => hasDetails && <LightboxDetails {...current} onLeave={onClose} />,
        }}
      />
      {compared !== null && <Compare pictures={compared} onClose={() => setCompared(null)} />}
    </>
  );
}

/** What the library says; it knows its own sentences by their English. */
const labels = () => ({
  Lightbox: t`Picture`,
  "Photo gallery": t`Pictures`,
  Previous: t`Previous`,
  Next: t`Next`,
  Close: t`Close`,
  "Zoom in": t`Zoom in`,
  "Zoom out": t`Zoom out`,
  Slide: t`Slide`,
  Carousel: t`Carousel`,
  "{index} of {total}": t`${"{index}"} of ${"{total}"}`,
});

function Film({ slide, isCurrent }: { slide: { src: string; alt: string }; isCurrent: boolean }) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: nothing tells what is said in it
    <video
      src={isCurrent ? slide.src : `${slide.src}#t=0.001`}
      aria-label={slide.alt}
      controls={isCurrent}
      autoPlay={isCurrent && !window.matchMedia("(prefers-reduced-motion: reduce)").matches}
      loop
      playsInline
      preload={isCurrent ? "auto" : "metadata"}
      className="max-h-full max-w-full"
    />
  );
}
