"use client";

import { ImageDown } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../../language/say.ts";
import { later } from "../../ui/later.tsx";
import { type Dropped, droppedIn, isTaken } from "../workflows/dropped.ts";

/** Loaded with the first picture that is dropped or pasted. */
const ImageOffer = later(() => import("./image-offer.tsx").then((module) => module.ImageOffer));

/**
 * Takes what is dropped or pasted anywhere on a page, where no field took it: a file that is dropped beside its field would
 * else be opened by the browser in place of the page, with everything that was written on it.
 */
export function DropGuard() {
  const [isOver, setIsOver] = useState(false);
  const [dropped, setDropped] = useState<Dropped | null>(null);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer === null || !isTaken(event.dataTransfer.types)) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent): void => {
      setIsOver(false);
      // A field that takes files has taken it.
      if (event.defaultPrevented || event.dataTransfer === null || !isTaken(event.dataTransfer.types)) return;
      event.preventDefault();
      setDropped(droppedIn(event.dataTransfer));
    };
    const end = (): void => setIsOver(false);
    const paste = (event: ClipboardEvent): void => {
      if (event.defaultPrevented || event.clipboardData === null || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      setDropped(droppedIn(event.clipboardData));
    };
    const listeners = { dragover: over, dragleave: leave, drop, dragend: end, paste } as const;
    for (const [type, listener] of Object.entries(listeners)) window.addEventListener(type, listener as EventListener);
    return () => {
      for (const [type, listener] of Object.entries(listeners))
        window.removeEventListener(type, listener as EventListener);
    };
  }, []);
  return (
    <>
      {isOver && (
        <div
          aria-hidden
          className="pointer-events-none fixed inset-2 z-50 grid place-items-center rounded-2xl border-2 border-dashed border-safelight bg-ground/40"
        >
          <span className="panel flex items-center gap-2 px-4 py-3 font-medium shadow-print">
            <ImageDown className="size-5 text-safelight" /> {t`Drop it on a field, or anywhere`}
          </span>
        </div>
      )}
      {dropped !== null && <ImageOffer dropped={dropped} onClose={() => setDropped(null)} />}
    </>
  );
}
