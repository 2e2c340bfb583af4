"use client";

import type { JobView, Output } from "@darkroom/contracts";
import { ArrowLeftRight, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { Handle, HandleRoot, Item, Provider, Root } from "react-compare-slider/components";
import { useReactCompareSlider } from "react-compare-slider/hooks";
import { createPortal } from "react-dom";
import { shorten } from "../../../format.ts";
import { hasSingleKeys } from "../../../hooks/single-keys.ts";
import { useModal } from "../../../hooks/use-modal.ts";
import { t } from "../../../language/say.ts";
import { IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { jobTitle } from "../job-title.ts";

interface Compared {
  readonly job: JobView;
  readonly output: Output;
}

interface CompareDialogProps {
  readonly pictures: readonly [Compared, Compared];
  readonly onClose: () => void;
}

const modes = ["slider", "beside", "flicker"] as const;
type Mode = (typeof modes)[number];

const modeNames = (): Readonly<Record<Mode, string>> => ({
  slider: t`Slider`,
  beside: t`Side by side`,
  flicker: t`Flicker`,
});

/** How long each picture stays while they flicker, in ms: long enough to see it, short enough to see what moves. */
const FLICKER_MS = 700;

/** Compares two pictures: by a slider over them, beside each other, or one after the other in the same place. */
export function CompareDialog({ pictures, onClose }: CompareDialogProps) {
  const { dialog, close } = useModal();
  const [mode, setMode] = useState<Mode>("slider");
  const [isSwapped, setIsSwapped] = useState(false);
  const [left, right] = isSwapped ? [pictures[1], pictures[0]] : pictures;

  const onKeyDown = (event: KeyboardEvent): void => {
    // The lightbox below listens to the same keys.
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || !hasSingleKeys()) return;
    if (event.key === "c" || event.key === "C") setIsSwapped((was) => !was);
    if (event.key === "m" || event.key === "M") {
      const next = (modes.indexOf(mode) + 1) % modes.length;
      setMode(modes[next] ?? "slider");
      // A focus that stood on the way before would look like the chosen one.
      dialog.current?.querySelectorAll<HTMLElement>("[aria-pressed]")[next]?.focus();
    }
  };
  // Beside the page and not in it: the lightbox makes everything there inert.
  return createPortal(
    <dialog
      ref={dialog}
      aria-label={t`Compare two pictures`}
      onClose={onClose}
      onKeyDown={onKeyDown}
      className="compare m-0 h-dvh max-h-none w-full max-w-none bg-[rgb(8_6_5)] p-0 text-[#f4ece5]"
    >
      <div className="flex h-full flex-col">
        <div className="flex items-center gap-2 p-3">
          <fieldset className="flex min-w-0 gap-1 strip rounded-lg bg-white/8 p-1">
            <legend className="sr-only">{t`How to compare`}</legend>
            {modes.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === mode}
                onClick={() => setMode(name)}
                className={cx(
                  "min-h-8 shrink-0 rounded-md px-3 text-sm max-sm:px-2 max-sm:text-xs",
                  name === mode ? "bg-white/16 text-white" : "text-[#cfc0b4] hover:text-white",
                )}
              >
                {modeNames()[name]}
              </button>
            ))}
          </fieldset>
          <IconButton
            label={t`Swap the two (C)`}
            onClick={() => setIsSwapped(!isSwapped)}
            className="text-[#cfc0b4]! hover:bg-white/12! hover:text-white!"
          >
            <ArrowLeftRight aria-hidden className="size-4.5" />
          </IconButton>
          <p className="hidden text-sm text-[#b3a396] md:block">{t`C swaps them, M goes to the next way to compare.`}</p>
          <IconButton
            label={t`Close`}
            onClick={close}
            className="ml-auto text-[#cfc0b4]! hover:bg-white/12! hover:text-white!"
          >
            <X aria-hidden className="size-5" />
          </IconButton>
        </div>
        <div className="relative min-h-0 flex-1 px-3">
          {mode === "slider" && <Slider left={<Shown picture={left} />} right={<Shown picture={right} />} />}
          {mode === "beside" && (
            <div className="grid size-full gap-3 max-sm:grid-rows-2 sm:grid-cols-2">
              {[left, right].map((picture) => (
                <div key={picture.output.outputId} className="relative min-h-0">
                  <Shown picture={picture} />
                </div>
              ))}
            </div>
          )}
          {mode === "flicker" && <Flicker pictures={[left, right]} />}
        </div>
        <div className="grid grid-cols-2 gap-4 p-3 text-sm text-[#cfc0b4]">
          <Caption picture={left} />
          <div className="text-right">
            <Caption picture={right} />
          </div>
        </div>
      </div>
    </dialog>,
    document.body,
  );
}

/** Put together from the library's parts, because its whole says the name of the handle in English alone. */
function Slider({ left, right }: { left: ReactNode; right: ReactNode }) {
  return (
    <Provider {...useReactCompareSlider()}>
      <Root className="size-full">
        <Item item="itemOne">{left}</Item>
        <Item item="itemTwo">{right}</Item>
        <HandleRoot aria-label={t`How much of the left picture is seen`}>
          <Handle />
        </HandleRoot>
      </Root>
    </Provider>
  );
}

function Shown({ picture: { job, output }, isHidden = false }: { picture: Compared; isHidden?: boolean }) {
  return (
    // biome-ignore lint/performance/noImgElement: our own origin serves the sizes we store
    <img
      src={output.url}
      alt={jobTitle(job)}
      draggable={false}
      className={cx("absolute inset-0 size-full object-contain select-none", isHidden && "invisible")}
    />
  );
}

/** One at a time. Whoever wants less motion turns them over by hand. */
function Flicker({ pictures }: { pictures: readonly [Compared, Compared] }) {
  const [shown, setShown] = useState(0);
  const [isRunning, setIsRunning] = useState(() => !window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setShown((was) => 1 - was), FLICKER_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  return (
    <>
      {pictures.map((picture, index) => (
        <Shown key={picture.output.outputId} picture={picture} isHidden={index !== shown} />
      ))}
      <div className="absolute bottom-3 left-1/2 flex -translate-x-1/2 gap-2">
        {[
          { label: isRunning ? t`Stop` : t`Start`, act: () => setIsRunning(!isRunning) },
          {
            label: t`The other one`,
            act: () => {
              setIsRunning(false);
              setShown(1 - shown);
            },
          },
        ].map(({ label, act }) => (
          <button
            key={label}
            type="button"
            onClick={act}
            className="min-h-9 rounded-lg bg-[rgb(8_6_5/0.8)] px-3 text-sm hover:bg-[rgb(40_30_25/0.9)]"
          >
            {label}
          </button>
        ))}
      </div>
    </>
  );
}

function Caption({ picture: { job, output } }: { picture: Compared }) {
  const seed = output.seed ?? job.seed;
  return (
    <p className="line-clamp-2 tabular-nums">
      {seed !== null && <span className="font-mono text-xs text-[#f2b866]">{t`seed ${seed}`} · </span>}
      {shorten(jobTitle(job), 120)}
    </p>
  );
}
