"use client";

import { type ReactNode, useState } from "react";
import { later } from "../../../ui/later.tsx";
import { OpenPictureContext } from "../open-picture.ts";
import type { ShownPictures } from "./opened-picture.tsx";

/** Loaded with the first picture that is opened. */
const OpenedPicture = later(() => import("./opened-picture.tsx").then((module) => module.OpenedPicture));

interface PictureListProps extends ShownPictures {
  readonly children: ReactNode;
}

/** Lets whatever shows pictures in it open them at their full size, and go from one to the next. */
export function PictureList({ children, ...list }: PictureListProps) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <OpenPictureContext value={setOpen}>
      {children}
      {open !== null && <OpenedPicture {...list} outputId={open} onClose={() => setOpen(null)} />}
    </OpenPictureContext>
  );
}
