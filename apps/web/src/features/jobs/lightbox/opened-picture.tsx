"use client";

import type { JobView } from "@darkroom/contracts";
import { useState } from "react";
import { useLiveJobs } from "../../../trpc/hooks/jobs/use-feed.ts";
import { Lightbox } from "./lightbox.tsx";
import { picturesOf, placeOf } from "./pictures.ts";

/** What one goes through. */
export interface ShownPictures {
  /** In the order in which one goes through their pictures. */
  readonly jobIds: readonly string[];
  /** A job that this tab's feed does not hold. */
  readonly viewOf?: (jobId: string) => JobView | undefined;
  /** False where operators see everyone's. */
  readonly isOwn?: boolean;
  /** Called when the last pictures are reached: there may be more. */
  readonly onEnd?: () => void;
}

const NEAR_END = 5;

/** The lightbox over the jobs as they are now: one that is removed meanwhile leaves it, one that finishes appears. */
export function OpenedPicture({
  jobIds,
  viewOf,
  isOwn = true,
  onEnd,
  outputId,
  onClose,
}: ShownPictures & { outputId: string; onClose: () => void }) {
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
