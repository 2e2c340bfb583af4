"use client";

import type { JobView } from "@darkroom/contracts";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { useLiveJobs } from "../../../trpc/hooks/use-feed.ts";
import { OpenPictureContext } from "../open-picture.ts";
import { picturesOf, placeOf } from "./pictures.ts";

/** Loaded with the first picture that is opened. */
const Lightbox = dynamic(() => import("./lightbox.tsx").then((module) => module.Lightbox), { ssr: false });

interface PictureListProps {
  /** In the order in which one goes through their pictures. */
  readonly jobIds: readonly string[];
  /** A job that this tab's feed does not hold. */
  readonly viewOf?: (jobId: string) => JobView | undefined;
  /** False where operators see everyone's. */
  readonly isOwn?: boolean;
  /** Called when the last pictures are reached: there may be more. */
  readonly onEnd?: () => void;
  readonly children: ReactNode;
}

/** Lets whatever shows pictures in it open them at their full size, and go from one to the next. */
export function PictureList({ children, ...list }: PictureListProps) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <OpenPictureContext value={setOpen}>
      {children}
      {open !== null && <Opened {...list} outputId={open} onClose={() => setOpen(null)} />}
    </OpenPictureContext>
  );
}

const NEAR_END = 5;

/** The lightbox over the jobs as they are now: one that is removed meanwhile leaves it, one that finishes appears. */
function Opened({
  jobIds,
  viewOf,
  isOwn = true,
  onEnd,
  outputId,
  onClose,
}: Omit<PictureListProps, "children"> & { outputId: string; onClose: () => void }) {
  const live = useLiveJobs();
  const [current, setCurrent] = useState({ outputId, place: 0 });
  const pictures = picturesOf(jobIds.flatMap((jobId) => live.get(jobId) ?? viewOf?.(jobId) ?? []));
  const place = placeOf(pictures, current.outputId, current.place);
  const picture = pictures[place];
  if (picture === undefined) return null;
  return (
    <Lightbox
      pictures={pictures}
      current={picture}
      isOwn={isOwn}
      place={place}
      onView={(index) => {
        const viewed = pictures[index];
        if (viewed !== undefined) setCurrent({ outputId: viewed.output.outputId, place: index });
        if (index >= pictures.length - NEAR_END) onEnd?.();
      }}
      onClose={onClose}
    />
  );
}
