"use client";

import type { Output } from "@darkroom/contracts";
import { ImagePlus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import { usePictureUses } from "../../../trpc/hooks/workflows/use-workflows.ts";
import { IconButton, WordedButton } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";

interface UsePictureProps {
  readonly output: Output;
  readonly className: string;
  /** Before the page changes. */
  readonly onLeave?: () => void;
}

/** What can be made of a picture, as links: "Use as input", "Upscale", "Inpaint", and whatever else takes one and can run. */
export function UsePicture({ output, className, onLeave }: UsePictureProps) {
  return usePictureUses().map(({ slug, label, name }) => (
    <Link
      key={slug}
      href={paths.studioWith(slug, name, { outputId: output.outputId })}
      onClick={onLeave}
      className={className}
    >
      {label}
    </Link>
  ));
}

interface UsePictureButtonProps {
  readonly output: Output;
  readonly className?: string;
  /** Shows a word beside the icon. */
  readonly isWorded?: boolean;
}

/** {@link UsePicture} where there is room for one button only. */
export function UsePictureButton({ output, className, isWorded = false }: UsePictureButtonProps) {
  const [at, setAt] = useState<Place | null>(null);
  const Shown = isWorded ? WordedButton : IconButton;
  return (
    <>
      <Shown
        label={t`Use this picture`}
        aria-haspopup="dialog"
        aria-expanded={at !== null}
        className={className}
        onClick={(event) => {
          const { left, right, top } = event.currentTarget.getBoundingClientRect();
          const { clientWidth } = document.documentElement;
          const bottom = window.innerHeight - top + 4;
          setAt(left + WIDTH < clientWidth ? { left, bottom } : { right: clientWidth - right, bottom });
        }}
      >
        <ImagePlus aria-hidden className={isWorded ? "size-3.5" : "size-4"} />
        {isWorded && t`Use`}
      </Shown>
      {at !== null && <Uses output={output} at={at} onClose={() => setAt(null)} />}
    </>
  );
}

/** Width of the list in pixels, a little more than it needs. */
const WIDTH = 220;

type Place = { readonly bottom: number } & ({ readonly left: number } | { readonly right: number });

interface UsesProps {
  readonly output: Output;
  readonly at: Place;
  readonly onClose: () => void;
}

/** Over everything else, because cards cut off what is larger than they are. */
function Uses({ output, at, onClose }: UsesProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.showPopover();
    box.current?.querySelector("a")?.focus();
  }, []);
  return (
    <div
      ref={box}
      popover="auto"
      role="dialog"
      aria-label={t`Use this picture`}
      onToggle={(event) => event.newState === "closed" && onClose()}
      style={{ inset: "auto", ...at }}
      className="panel m-0 flex min-w-44 flex-col p-1 text-ink shadow-print"
    >
      <UsePicture
        output={output}
        onLeave={onClose}
        className="flex min-h-9 items-center rounded-lg px-3 text-sm hover:bg-raised"
      />
    </div>
  );
}
